"""Questions about the manpower schedule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.balances import Selection, stream_postings
from app.ledger.headings import Heading
from app.manpower.models import StaffEngagement, StaffMonth, StaffMonthConfirmation, StaffTimeClearance
from app.manpower.rules import FULL_TIME
from app.manpower.states import CONTRIBUTIONS, PAY_HEADINGS, month_of
from app.web.paging import Order, Page, paginate


@dataclass(frozen=True, slots=True)
class EngagementFilters:
    """What the schedule is narrowed to, and which page of it. `month`: engaged in that month."""

    text: str = ""
    contract: str = ""
    month: date | None = None
    flagged: bool = False
    cursor: str | None = None
    limit: int = 50

    @property
    def narrowed(self) -> bool:
        """Whether anything but the page is chosen."""
        return bool(self.text or self.contract or self.month or self.flagged)


@dataclass(frozen=True, slots=True)
class Overload:
    """A month in which a person's time is above 100 %, seen from one engagement.

    `own` is the sum over the contracts of the engagement's institution; `elsewhere` says that others add to it, not
    how much. `total` decides whether a clearance still covers it and is not shown.
    """

    engagement_id: UUID
    month: date
    own: Decimal
    total: Decimal
    clearance: StaffTimeClearance | None

    @property
    def elsewhere(self) -> bool:
        """Whether another institution's contracts add to the time."""
        return self.total > self.own

    @property
    def is_cleared(self) -> bool:
        """Whether somebody has cleared as much."""
        return self.clearance is not None and self.clearance.total_percent >= self.total


@dataclass(frozen=True, slots=True)
class BookedMonth:
    """What stands on a contract's staff headings in one month, in the contract's currency."""

    pay: Money
    contribution: Money

    @property
    def whole(self) -> Money:
        """Pay and contributions together."""
        return self.pay + self.contribution


_WHOLE = (selectinload(StaffEngagement.contract), selectinload(StaffEngagement.months))


def _visible(actor: Actor) -> Select[StaffEngagement]:
    return (
        select(StaffEngagement)
        .join(Contract, Contract.id == StaffEngagement.contract_id)
        .where(contracts.in_scope(actor, Permission.MANPOWER_READ))
        .options(*_WHOLE)
    )


def listed(session: Session, actor: Actor, filters: EngagementFilters) -> Page[StaffEngagement]:
    """Engagements on contracts in the actor's scope, by name."""
    query = _visible(actor).where(*_conditions(filters))
    order = [Order(StaffEngagement.person_name), Order(StaffEngagement.first_month), Order(StaffEngagement.id)]
    return paginate(session, query, order, cursor=filters.cursor, limit=filters.limit, total=True)


def awaiting_conversion(actor: Actor, today: date) -> Select[StaffEngagement]:
    """Engagements the actor keeps with months that are over and not converted into the contract's currency yet."""
    over = month_of(today + timedelta(days=1))
    unknown = select(StaffMonth.engagement_id).where(StaffMonth.pay_minor.is_(None), StaffMonth.month < over)
    return (
        select(StaffEngagement)
        .where(
            StaffEngagement.institution_id.in_(institutions_granting(actor, Permission.MANPOWER_KEEP)),
            StaffEngagement.id.in_(unknown),
        )
        .order_by(StaffEngagement.person_name, StaffEngagement.id)
    )


def _conditions(filters: EngagementFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.text:
        columns = (
            StaffEngagement.reference,
            StaffEngagement.staff_code,
            StaffEngagement.person_name,
            StaffEngagement.post,
        )
        found.append(or_(*(each.icontains(filters.text, autoescape=True) for each in columns)))
    if filters.contract:
        found.append(Contract.reference == filters.contract)
    if filters.month is not None:
        found += [StaffEngagement.first_month <= filters.month, StaffEngagement.last_month >= filters.month]
    if filters.flagged:
        found.append(StaffEngagement.id.in_(select(_overloaded().subquery().c.id)))
    return found


def visible_engagement(session: Session, actor: Actor, reference: str) -> StaffEngagement:
    """The engagement of that reference, if its contract lies in the actor's scope. Raises NotFound otherwise."""
    found = session.scalars(_visible(actor).where(StaffEngagement.reference == reference)).first()
    if found is None or not may(actor, Permission.MANPOWER_READ):
        raise NotFound(Breach("manpower.not-found", _("There is no such engagement.")))
    return found


def visible_contract(session: Session, actor: Actor, reference: str) -> Contract:
    """The contract whose schedule the actor may read. Raises NotFound otherwise."""
    condition = contracts.in_scope(actor, Permission.MANPOWER_READ)
    found = session.scalars(select(Contract).where(Contract.reference == reference, condition)).first()
    if found is None or not may(actor, Permission.MANPOWER_READ):
        raise NotFound(Breach("contract.not-found", _("There is no such contract.")))
    return found


def contract_of_keeper(session: Session, actor: Actor, reference: str) -> Contract | None:
    """The contract whose schedule the actor keeps, by reference; None where it is not theirs."""
    return session.scalars(select(Contract).where(Contract.reference == reference, _kept_by(actor))).first()


def contracts_of_keeper(session: Session, actor: Actor) -> list[Contract]:
    """Contracts whose schedule the actor keeps, newest first."""
    return list(session.scalars(select(Contract).where(_kept_by(actor)).order_by(Contract.reference.desc())))


def _kept_by(actor: Actor) -> ColumnElement[bool]:
    places = institutions_granting(actor, Permission.MANPOWER_KEEP)
    return and_(Contract.grantee_id.in_(places), Contract.status != ContractStatus.DRAFT)


def on_contract(session: Session, contract_id: UUID) -> Sequence[StaffEngagement]:
    """Every engagement of a contract, by name and first month."""
    query = (
        select(StaffEngagement)
        .where(StaffEngagement.contract_id == contract_id)
        .options(*_WHOLE)
        .order_by(StaffEngagement.person_name, StaffEngagement.first_month)
    )
    return session.scalars(query).all()


def of_person(session: Session, institution_id: UUID, staff_code: str) -> Sequence[StaffEngagement]:
    """Every engagement of the person with that code at the institution."""
    query = select(StaffEngagement).where(
        StaffEngagement.institution_id == institution_id, StaffEngagement.staff_code == staff_code
    )
    return session.scalars(query.order_by(StaffEngagement.entered_at)).all()


def same_engagement(session: Session, contract_id: UUID, staff_code: str, first_month: date) -> StaffEngagement | None:
    """The engagement of that person on that contract from that month."""
    query = select(StaffEngagement).where(
        StaffEngagement.contract_id == contract_id,
        StaffEngagement.staff_code == staff_code,
        StaffEngagement.first_month == first_month,
    )
    return session.scalars(query.options(*_WHOLE)).first()


def _overloaded(engagement_ids: Iterable[UUID] | None = None) -> Select[UUID, date, Decimal, Decimal]:
    """Engagement, month, time at the own institution and time in all, where the time in all is above 100 %.

    One person: the same staff code at one institution, or the same ORCID iD anywhere.
    """
    one, other = aliased(StaffEngagement), aliased(StaffEngagement)
    month, others = aliased(StaffMonth), aliased(StaffMonth)
    same_code = and_(other.institution_id == one.institution_id, other.staff_code == one.staff_code)
    at_home = func.sum(others.percent).filter(other.institution_id == one.institution_id)
    query = (
        select(one.id.label("id"), month.month, at_home.label("own"), func.sum(others.percent).label("total"))
        .join(month, month.engagement_id == one.id)
        .join(other, or_(same_code, other.orcid == one.orcid))
        .join(others, and_(others.engagement_id == other.id, others.month == month.month))
        .group_by(one.id, month.month)
        .having(func.sum(others.percent) > FULL_TIME)
        .order_by(month.month)
    )
    return query if engagement_ids is None else query.where(one.id.in_(list(engagement_ids)))


def overloads(session: Session, engagement_ids: Iterable[UUID]) -> dict[UUID, list[Overload]]:
    """Months above 100 % of some engagements, over all contracts of the person anywhere, by month."""
    wanted = list(engagement_ids)
    if not wanted:
        return {}
    cleared = {
        (each.engagement_id, each.month): each
        for each in session.scalars(select(StaffTimeClearance).where(StaffTimeClearance.engagement_id.in_(wanted)))
    }
    found: dict[UUID, list[Overload]] = {}
    for key, month, own, whole in session.execute(_overloaded(wanted)):
        found.setdefault(key, []).append(Overload(key, month, own, whole, cleared.get((key, month))))
    return found


def confirmations(session: Session, contract_id: UUID) -> dict[date, StaffMonthConfirmation]:
    """The confirmed months of a contract."""
    query = select(StaffMonthConfirmation).where(StaffMonthConfirmation.contract_id == contract_id)
    return {each.month: each for each in session.scalars(query)}


def booked(session: Session, contract: Contract) -> dict[date, dict[Heading, Money]]:
    """What the grantee's book has on the contract's staff headings, by month of cost and heading."""
    currency = Currency(contract.currency)
    found: dict[date, dict[Heading, Money]] = {}
    for each in stream_postings(session, Selection(book_id=contract.grantee_id, contract_id=contract.id)):
        if each.heading in (*PAY_HEADINGS, CONTRIBUTIONS) and each.amount.currency is currency:
            month = found.setdefault(month_of(each.effective_on), {})
            month[each.heading] = month.get(each.heading, Money.zero(currency)) + each.amount
    return found


def booked_month(sums: dict[Heading, Money], currency: Currency) -> BookedMonth:
    """Pay and contributions out of a month's sums by heading."""
    pay = Money.zero(currency)
    for heading in PAY_HEADINGS:
        pay = pay + sums.get(heading, Money.zero(currency))
    return BookedMonth(pay, sums.get(CONTRIBUTIONS, Money.zero(currency)))
