"""Out of disbursements on file into a composed payment file, with everything that stands in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.contracts import bulk
from app.disbursements import comparing, conversion, dealing
from app.disbursements.conversion import Currencies
from app.disbursements.models import BankQuote, Disbursement
from app.exchange_rates import queries as rates
from app.institutions import queries as institutions
from app.institutions.models import BankAccount, Institution
from app.institutions.states import Side
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import BUSINESS_ZONE, business_date
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.payment_files import queries, rules
from app.payment_files.commands import MakeFile
from app.payment_files.composing import AccountOnFile, Composed, PaymentOnFile, Taking, compose
from app.payment_files.instruction import Exchange
from app.payment_files.models import BankProfile
from app.payment_files.rules import Candidate, MakingFacts
from app.payment_files.states import ChargeBearer, PurposePlacement, Repertoire
from app.rails import queries as rails
from app.rails.facts import PaymentFacts, Rail
from app.rails.rules import misfits, value_date
from app.rails.states import PartyKind


@dataclass(frozen=True, slots=True)
class Gathered:
    """A file as it would be made: its payments, what the bank will see of them, and what stands in the way."""

    account: BankAccount
    profile: BankProfile
    rows: tuple[Disbursement, ...]
    composed: Composed
    breaches: tuple[Breach, ...]


def gather(
    session: Session, actor: Actor, command: MakeFile, *, reference: str, now: datetime, locked: bool = False
) -> Gathered:
    """The file of a command. Rows are locked where it is to be kept, in one order for everybody."""
    account = institutions.account_by_id(session, command.account_id)
    profile = queries.profile_for(session, account)
    wanted = queries.by_references(session, actor, command.disbursements, locked=locked)
    rows = sorted(wanted, key=lambda row: row.reference)
    payees = payees_of(session, rows)
    composed = compose(
        reference=reference,
        made_at=now,
        execute_on=command.execute_on,
        currency=command.currency,
        rail=command.rail,
        purpose_code=command.purpose_code,
        payer=_on_file(account),
        payments=_payments(session, account, rows, payees, now),
        taking=taking_of(profile),
    )
    found = rules.making_breaches(_facts(session, command, account, rows, payees, now))
    found += rules.text_breaches(composed)
    found += _rail_breaches(session, command, account, rows, payees)
    return Gathered(account, profile, tuple(rows), composed, tuple(found))


def payees_of(session: Session, rows: Sequence[Disbursement]) -> dict[UUID, BankAccount]:
    """The account each payment goes to, by the payment's key, in one query."""
    accounts = institutions.accounts_by_ids(session, {row.payee_account_id for row in rows})
    return {row.id: accounts[row.payee_account_id] for row in rows}


def _payments(
    session: Session,
    account: BankAccount,
    rows: Sequence[Disbursement],
    payees: dict[UUID, BankAccount],
    now: datetime,
) -> list[PaymentOnFile]:
    contracts = bulk.contracts_by_id(session, {row.contract_id for row in rows})
    agreed = comparing.agreed_quotes(session, [row.id for row in rows], now)
    made = []
    for row in rows:
        contract, payee = contracts[row.contract_id], payees[row.id]
        said = " ".join(part for part in (contract.reference, contract.agreement_number, row.purpose) if part)
        sent_in = _sent_in(row, account, payee)
        made.append(
            PaymentOnFile(
                row.reference,
                str(uuid4()),
                row.amount,
                _on_file(payee),
                said,
                "" if sent_in is row.amount.currency else sent_in.value,
                _exchange(agreed[row.id]) if row.id in agreed else None,
            )
        )
    return made


def _sent_in(row: Disbursement, account: BankAccount, payee: BankAccount) -> Currency:
    """The currency in which the money leaves the paying bank."""
    currencies = Currencies(row.amount.currency, Currency(account.currency), Currency(payee.currency))
    return conversion.crossing_currency(currencies, dealing.side_of(row, currencies))


def _exchange(quote: BankQuote) -> Exchange:
    rate = dealing.rate_of(quote)
    return Exchange(rate.base.value, format(rate.value.normalize(), "f"), quote.bank_reference)


def _facts(
    session: Session,
    command: MakeFile,
    account: BankAccount,
    rows: Sequence[Disbursement],
    payees: dict[UUID, BankAccount],
    now: datetime,
) -> MakingFacts:
    held = queries.live_files_of(session, [row.id for row in rows])
    candidates = tuple(
        Candidate(
            row.reference,
            row.status,
            row.payer_account_id,
            Currency(row.currency),
            row.amount,
            payees[row.id].is_payable(now),
            held.get(row.id, ""),
        )
        for row in rows
    )
    return MakingFacts(
        account.id,
        command.currency,
        command.disbursements,
        candidates,
        account.is_payable(now),
        command.execute_on,
        business_date(now),
    )


@dataclass(frozen=True, slots=True)
class RailFit:
    """A rail in force, and the payments it cannot carry: by their keys, the first reason of each."""

    rail: Rail
    misfits: Mapping[UUID, Breach]


def rail_fits(
    session: Session,
    account: BankAccount,
    rows: Sequence[Disbursement],
    payees: Mapping[UUID, BankAccount],
    day: date,
) -> list[RailFit]:
    """How the rails in force on a day fit payments: the one that carries most of them first."""
    found = []
    for rail in rails.rails_on(session, day):
        why = {row.id: misfits(rail, _payment_facts(account, row, payees[row.id], day)) for row in rows}
        found.append(RailFit(rail, {key: breaches[0] for key, breaches in why.items() if breaches}))
    return sorted(found, key=lambda fit: (len(fit.misfits), fit.rail.code))


def first_day(session: Session, rail: Rail, day: date) -> date:
    """The first day from `day` on which the rail runs, by the banking days it keeps."""
    return value_date(rail, rails.bank_days(session), datetime.combine(day, time(0), BUSINESS_ZONE))


def _rail_breaches(
    session: Session,
    command: MakeFile,
    account: BankAccount,
    rows: Sequence[Disbursement],
    payees: dict[UUID, BankAccount],
) -> list[Breach]:
    chosen = rails.rail(session, command.rail, command.execute_on)
    if chosen is None:
        message, cure = _("There is no rail %(rail)s on %(day)s."), _("Choose one of the rails of that day.")
        told = {"rail": command.rail, "day": command.execute_on}
        return [Breach("payment-file.rail", message, cure, rules.ONE_FILE, told, field="rail")]
    found: dict[str, Breach] = {}
    runs = first_day(session, chosen, command.execute_on)
    if runs != command.execute_on:
        message, cure = _("%(rail)s does not run on %(day)s."), _("The next day on which it runs is %(next)s.")
        told = {"rail": chosen.code, "day": command.execute_on, "next": runs}
        closed = Breach("payment-file.closed-day", message, cure, rules.ONE_FILE, told, field="execute_on")
        found[closed.code] = closed
    for row in rows:
        facts = _payment_facts(account, row, payees[row.id], command.execute_on)
        for breach in misfits(chosen, facts):
            found.setdefault(breach.code, breach)
    return list(found.values())


def _payment_facts(account: BankAccount, row: Disbursement, payee: BankAccount, day: date) -> PaymentFacts:
    """Noon of the day stands for it; the cut-off is the bank's to apply."""
    moment = datetime.combine(day, time(12), BUSINESS_ZONE)
    kind = PartyKind.INSTITUTION
    sides = Side(account.bank_side), Side(payee.bank_side)
    return PaymentFacts(row.amount, *sides, kind, kind, moment, carried=_sent_in(row, account, payee))


def signatories_for(session: Session, account: BankAccount, total: Money, now: datetime) -> int | None:
    """How many signatories the account's mandate asks for; a total in another currency counts at the booking rate.

    None where no mandate covers it, or no fresh rate translates it.
    """
    day, own = business_date(now), Currency(account.currency)
    if total.currency is not own:
        rate = rates.booking_rate(session, total.currency, own, day, account.institution_id)
        if rate is None:
            return None
        total = rate.convert(total)
    return queries.signatories_for(session, account.id, total, day)


def taking_of(profile: BankProfile) -> Taking:
    """What a bank takes, out of its profile."""
    return Taking(
        Repertoire(profile.repertoire),
        profile.name_length,
        profile.address_length,
        profile.remittance_length,
        profile.address_structured,
        PurposePlacement(profile.purpose_placement),
        ChargeBearer(profile.charge_bearer),
    )


def _on_file(account: BankAccount) -> AccountOnFile:
    owner: Institution = account.institution
    return AccountOnFile(
        account.holder_name,
        account.number,
        account.currency,
        account.bic or "",
        account.cnaps or "",
        account.hk_bank_code or "",
        Side(owner.side),
        owner.address,
    )
