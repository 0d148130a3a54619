"""Rules of vouchers: which mapping a posting takes, what a profile needs, and that the file adds up to the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.kernel.spreadsheet_text import FORMULA_STARTS
from app.ledger.chart import CHART, AccountCode, heading_of
from app.ledger.headings import Heading
from app.vouchers.states import VoucherColumn

SOURCE = _("Vouchers for the institution's own ledger")
NEEDED = (VoucherColumn.VOUCHER, VoucherColumn.DATE, VoucherColumn.ACCOUNT, VoucherColumn.CURRENCY)
AMOUNTS = ({VoucherColumn.AMOUNT}, {VoucherColumn.DEBIT, VoucherColumn.CREDIT})

Place = tuple[str, str, str, UUID | None]
"""Account, currency, heading (empty for any), contract (None for any)."""


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The institution's code and name for an account of ours."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What a file holds in one currency beside what the ledger holds over the same days; debit and credit turnover."""

    currency: Currency
    lines: int
    debit: Money
    credit: Money
    ledger_debit: Money
    ledger_credit: Money

    @property
    def agrees(self) -> bool:
        """Whether the file adds up to the ledger to the cent, and debits to credits."""
        return (self.debit, self.credit) == (self.ledger_debit, self.ledger_credit) and self.debit == self.credit


def own_account(
    mapped: Mapping[Place, OwnAccount], account: str, currency: str, heading: str, contract_id: UUID | None
) -> OwnAccount | None:
    """The mapping a posting takes: that of its contract before a common one, with its heading before one without."""
    for contract in dict.fromkeys((contract_id, None)):
        for chosen in dict.fromkeys((heading, "")):
            found = mapped.get((account, currency, chosen, contract))
            if found is not None:
                return found
    return None


def mapping_breaches(account: AccountCode, heading: Heading | None, own: str) -> list[Breach]:
    """What is wrong with a proposed mapping."""
    found = []
    its = heading_of(account)
    if its is not None and heading not in (None, its):
        message = _("Account %(account)s is the account of the heading %(heading)s.")
        params = {"account": account.value, "heading": its.value}
        found.append(Breach("mapping.heading", message, _("Leave the heading out."), SOURCE, params, field="heading"))
    if own.startswith(FORMULA_STARTS):
        message = _("An account code that starts with =, +, - or @ would be a formula in a spreadsheet.")
        cure = _("Enter the code as your ledger prints it.")
        found.append(Breach("mapping.formula", message, cure, SOURCE, field="own_account"))
    return found


def parsed_columns(text: str) -> list[str]:
    """Column names of a profile as typed, in order."""
    return [part.strip().lower() for part in text.split(",") if part.strip()]


def column_breaches(names: Sequence[str]) -> list[Breach]:
    """What is wrong with a profile's columns."""
    known = [column.value for column in VoucherColumn]
    cure = _("Use these names: %(known)s.")
    params: dict[str, object] = {"known": ", ".join(known)}

    def breach(code: str, message: str, **more: object) -> Breach:
        return Breach(f"profile.{code}", message, cure, SOURCE, {**params, **more}, field="columns")

    found = [breach("column-unknown", _("There is no column “%(name)s”."), name=n) for n in names if n not in known]
    if len(set(names)) != len(names):
        found.append(breach("column-twice", _("A column stands twice.")))
    missing = [column.value for column in NEEDED if column.value not in names]
    if missing:
        message = _("These columns are needed: %(missing)s.")
        found.append(breach("column-missing", message, missing=", ".join(missing)))
    if not any({column.value for column in way} <= set(names) for way in AMOUNTS):
        found.append(breach("amount-missing", _("Amounts need the column amount, or both debit and credit.")))
    return found


def unmapped_breaches(missing: Collection[tuple[str, str, str]], institution: str) -> list[Breach]:
    """A breach by name for each (account, heading, currency) that moved and has no code in the institution's chart."""
    message = _("Account %(account)s %(name)s in %(currency)s has no code in the ledger of %(institution)s.")
    with_heading = _(
        "Account %(account)s %(name)s with the heading %(heading)s in %(currency)s has no code in the ledger of"
        " %(institution)s."
    )
    found = []
    for account, heading, currency in sorted(missing):
        row = CHART[AccountCode(account)]
        narrower = bool(heading) and heading_of(row.code) is None
        params = {
            "account": account,
            "label": row.name,
            "name": row.name,
            "currency": currency,
            "heading": heading,
            "institution": institution,
        }
        cure = _(
            "Propose a code for it under “Account codes”; a second person confirms it. Then ask for the file again."
        )
        words = with_heading if narrower else message
        found.append(Breach("vouchers.unmapped", words, cure, SOURCE, params, field="profile"))
    return found


def control_breaches(totals: Sequence[ControlTotal]) -> list[Breach]:
    """A file that does not add up to the ledger is never handed out."""
    message = _("The file does not add up to the ledger in %(currency)s: %(file)s against %(ledger)s.")
    return [
        Breach(
            "vouchers.not-reconciled",
            message,
            _("Ask for the file again; if it happens again, tell the operator: nothing was handed out."),
            SOURCE,
            {"currency": each.currency.value, "file": str(each.debit), "ledger": str(each.ledger_debit)},
        )
        for each in totals
        if not each.agrees
    ]
