"""The verbs of vouchers: propose, confirm and refuse a code or a profile; check a period and hand out its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from app.vouchers import queries, rules
from app.vouchers.models import AccountMapping, VoucherProfile
from app.vouchers.rules import ControlTotal
from app.vouchers.states import DateFormat, DecimalMark, FileType, SettingStatus, VoucherColumn
from app.vouchers.writing import XLSX, ZIP, Style, VoucherLine, write

Setting = TypeVar("Setting", AccountMapping, VoucherProfile)


@dataclass(frozen=True, slots=True)
class MapAccount:
    """The institution's own code for an account of ours; heading and contract make it narrower."""

    account: AccountCode
    currency: Currency
    own_account: str
    own_name: str = ""
    heading: Heading | None = None
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class DescribeFile:
    """A profile: what the institution's system takes."""

    name: str
    file_type: FileType
    columns: str
    date_format: DateFormat = DateFormat.ISO
    decimal_mark: DecimalMark = DecimalMark.POINT
    header: bool = True


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file wanted: which profile, which days inclusive."""

    profile: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class AskedFile:
    """The same as asked for: without days, the month so far."""

    profile: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def wanted(self, today: date) -> WantedFile:
        """With the days filled in."""
        last_day = self.last_day or today
        return WantedFile(self.profile, self.first_day or last_day.replace(day=1), last_day)


@dataclass(frozen=True, slots=True)
class Checked:
    """The lines a file would hold and its control totals; `missing` names accounts without a code."""

    institution: Institution
    lines: tuple[VoucherLine, ...]
    totals: tuple[ControlTotal, ...]
    missing: tuple[Breach, ...]

    @property
    def agrees(self) -> bool:
        """Whether the file may be handed out."""
        return not self.missing and all(total.agrees for total in self.totals)

    @property
    def vouchers(self) -> int:
        """How many entries the lines belong to."""
        return len({line.row.entry_id for line in self.lines})


@dataclass(frozen=True, slots=True)
class VoucherFile:
    """A file ready to be saved."""

    content: bytes
    media_type: str
    name: str


def propose_mapping(session: Session, actor: Actor, code: str, command: MapAccount, *, now: datetime) -> AccountMapping:
    """Propose an institution's code for an account; it counts when a second person has confirmed it."""
    place = queries.institution(session, actor, code)
    authorise(actor, Permission.VOUCHERS_MAP, place.id)
    found = rules.mapping_breaches(command.account, command.heading, command.own_account)
    contract = queries.contract_by_reference(session, place.id, command.contract) if command.contract else None
    if command.contract and contract is None:
        message = _("There is no such contract of this institution.")
        found.append(Breach("mapping.contract", message, source=rules.SOURCE, field="contract"))
    if found:
        raise RuleBreached(*found)
    row = AccountMapping(
        institution_id=place.id,
        account=command.account.value,
        currency=command.currency.value,
        heading=command.heading.value if command.heading else "",
        contract_id=contract.id if contract else None,
        own_account=command.own_account,
        own_name=command.own_name,
        status=SettingStatus.PROPOSED.value,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    return _proposed(session, actor, "vouchers.propose-mapping", row, now)


def propose_profile(
    session: Session, actor: Actor, code: str, command: DescribeFile, *, now: datetime
) -> VoucherProfile:
    """Propose a profile of files; it counts when a second person has confirmed it."""
    place = queries.institution(session, actor, code)
    authorise(actor, Permission.VOUCHERS_MAP, place.id)
    names = rules.parsed_columns(command.columns)
    found = rules.column_breaches(names)
    if found:
        raise RuleBreached(*found)
    row = VoucherProfile(
        institution_id=place.id,
        name=command.name,
        file_type=command.file_type.value,
        columns=",".join(names),
        date_format=command.date_format.value,
        decimal_mark=command.decimal_mark.value,
        header=command.header,
        status=SettingStatus.PROPOSED.value,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    return _proposed(session, actor, "vouchers.propose-profile", row, now)


def _proposed(session: Session, actor: Actor, verb: str, row: Setting, now: datetime) -> Setting:
    session.add(row)
    session.flush()
    _trace(session, actor, verb, row, now)
    return row


def confirm_mapping(session: Session, actor: Actor, mapping_id: UUID, *, version: int, now: datetime) -> AccountMapping:
    """Put a code in force, as another person than proposed it; what was in force before is replaced."""
    queries.mapping(session, actor, mapping_id)
    row = lock_for_update(session, AccountMapping, mapping_id, version)
    _check_decision(actor, row, "vouchers.confirm-mapping")
    _replace(session, queries.same_place(session, row))
    return _decided(session, actor, row, SettingStatus.CONFIRMED, "vouchers.confirm-mapping", now)


def refuse_mapping(session: Session, actor: Actor, mapping_id: UUID, *, version: int, now: datetime) -> AccountMapping:
    """Turn a proposed code down, as another person than proposed it."""
    queries.mapping(session, actor, mapping_id)
    row = lock_for_update(session, AccountMapping, mapping_id, version)
    _check_decision(actor, row, "vouchers.refuse-mapping")
    return _decided(session, actor, row, SettingStatus.REFUSED, "vouchers.refuse-mapping", now)


def confirm_profile(session: Session, actor: Actor, profile_id: UUID, *, version: int, now: datetime) -> VoucherProfile:
    """Put a profile in force, as another person than proposed it; one of the same name is replaced."""
    queries.profile(session, actor, profile_id)
    row = lock_for_update(session, VoucherProfile, profile_id, version)
    _check_decision(actor, row, "vouchers.confirm-profile")
    _replace(session, queries.confirmed_profile(session, row.institution_id, row.name))
    return _decided(session, actor, row, SettingStatus.CONFIRMED, "vouchers.confirm-profile", now)


def refuse_profile(session: Session, actor: Actor, profile_id: UUID, *, version: int, now: datetime) -> VoucherProfile:
    """Turn a proposed profile down, as another person than proposed it."""
    queries.profile(session, actor, profile_id)
    row = lock_for_update(session, VoucherProfile, profile_id, version)
    _check_decision(actor, row, "vouchers.refuse-profile")
    return _decided(session, actor, row, SettingStatus.REFUSED, "vouchers.refuse-profile", now)


def _check_decision(actor: Actor, row: AccountMapping | VoucherProfile, verb: str) -> None:
    authorise(actor, Permission.VOUCHERS_CONFIRM, row.institution_id)
    if row.proposed_by_id == actor.person_id:
        raise own_work(verb)
    if row.status != SettingStatus.PROPOSED:
        message = _("This proposal has already been decided.")
        raise Conflict(Breach("vouchers.decided", message, _("Open the page again to see who decided it.")))


def _replace(session: Session, earlier: AccountMapping | VoucherProfile | None) -> None:
    if earlier is not None:
        earlier.status = SettingStatus.REPLACED.value
        session.flush()


def _decided(session: Session, actor: Actor, row: Setting, status: SettingStatus, verb: str, now: datetime) -> Setting:
    row.status = status.value
    row.decided_by_id, row.decided_at = actor.person_id, now
    session.flush()
    _trace(session, actor, verb, row, now)
    return row


def _trace(session: Session, actor: Actor, verb: str, row: AccountMapping | VoucherProfile, now: datetime) -> None:
    if isinstance(row, AccountMapping):
        details = {"account": row.account, "currency": row.currency, "heading": row.heading, "own": row.own_account}
        subject = ("account_mapping", row.id)
    else:
        details = {"name": row.name, "file_type": row.file_type, "columns": row.columns}
        subject = ("voucher_profile", row.id)
    trail.record(session, actor, verb, subject, details, now=now, institution_id=row.institution_id)


def check(session: Session, actor: Actor, code: str, wanted: WantedFile) -> Checked:
    """The lines of the days asked for, their control totals beside the ledger's, and the accounts without a code."""
    place = queries.institution(session, actor, code)
    mapped = queries.mapped(session, place.id)
    lines: list[VoucherLine] = []
    missing: set[tuple[str, str, str]] = set()
    rows = list(queries.postings(session, place.id, wanted.first_day, wanted.last_day))
    references = queries.contract_references(session, (row.contract_id for row in rows))
    for row in rows:
        heading = row.heading.value if row.heading else ""
        own = rules.own_account(mapped, row.code.value, row.amount.currency.value, heading, row.contract_id)
        if own is None:
            missing.add((row.code.value, heading, row.amount.currency.value))
        else:
            lines.append(VoucherLine(row, own, references.get(row.contract_id, "") if row.contract_id else ""))
    expected = queries.turnover(session, place.id, wanted.first_day, wanted.last_day)
    totals = tuple(_total(lines, currency, *expected[currency]) for currency in Currency)
    return Checked(place, tuple(lines), totals, tuple(rules.unmapped_breaches(missing, place.code)))


def _total(lines: list[VoucherLine], currency: Currency, debit: Money, credit: Money) -> ControlTotal:
    mine = [line.row for line in lines if line.row.amount.currency is currency]
    debited = sum(row.amount.minor for row in mine if row.side == "D")
    credited = -sum(row.amount.minor for row in mine if row.side == "C")
    return ControlTotal(currency, len(mine), Money(debited, currency), Money(credited, currency), debit, credit)


def hand_out(session: Session, actor: Actor, code: str, wanted: WantedFile, *, now: datetime) -> VoucherFile:
    """The file under a profile in force. An event on the trail says who took which days.

    Raises RuleBreached naming every account without a code, and for a file that does not add up to the ledger.
    """
    checked = check(session, actor, code, wanted)
    place = checked.institution
    authorise(actor, Permission.VOUCHERS_EXPORT, place.id)
    profile = queries.confirmed_profile(session, place.id, wanted.profile)
    if profile is None:
        message = _("This institution has no confirmed profile of that name.")
        raise NotFound(Breach("vouchers.no-profile", message, field="profile"))
    if checked.missing:
        raise RuleBreached(*checked.missing)
    found = rules.control_breaches(checked.totals)
    if found:
        raise RuleBreached(*found)
    details = {
        "profile": profile.name,
        "first_day": wanted.first_day,
        "last_day": wanted.last_day,
        "vouchers": checked.vouchers,
        "turnover": [total.debit for total in checked.totals],
    }
    subject = ("voucher_profile", profile.id)
    trail.record(session, actor, "vouchers.export", subject, details, now=now, institution_id=place.id)
    style = _style(profile)
    is_xlsx = style.file_type is FileType.XLSX
    name = f"vouchers-{place.code}-{wanted.first_day}-{wanted.last_day}.{'xlsx' if is_xlsx else 'zip'}"
    return VoucherFile(write(checked.lines, checked.totals, style), XLSX if is_xlsx else ZIP, name)


def _style(profile: VoucherProfile) -> Style:
    return Style(
        FileType(profile.file_type),
        tuple(VoucherColumn(name) for name in profile.columns.split(",")),
        DateFormat(profile.date_format),
        DecimalMark(profile.decimal_mark),
        profile.header,
    )
