"""Questions about exposure: pockets with what they owe abroad, and the notes of forward cover. In few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting, within
from app.contracts.models import Contract
from app.disbursements import conversion
from app.disbursements.conversion import Currencies
from app.disbursements.models import Disbursement, Receipt
from app.disbursements.states import OUT, ConversionSide, DisbursementStatus
from app.exchange_rates import queries as rates
from app.exposure.figures import Owed, PocketExposure, in_force
from app.exposure.models import ForwardCover
from app.exposure.states import CoverStatus
from app.funds.models import Fund, Pocket
from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.balances import PocketPosition
from app.web.paging import DEFAULT_LIMIT, Order, Page, paginate


def pocket_page(
    session: Session, actor: Actor, today: date, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[PocketExposure]:
    """One page of the pockets in scope, by fund and currency, each with its exposure."""
    query = (
        select(Pocket)
        .join(Fund, Fund.id == Pocket.fund_id)
        .where(within(actor, Fund.institution_id))
        .options(selectinload(Pocket.fund))
    )
    order = [Order(Fund.reference), Order(Pocket.currency), Order(Pocket.id)]
    found = paginate(session, query, order, cursor=cursor, limit=limit, total=True)
    made = {each.pocket.id: each for each in exposures(session, found.items, today)}
    return found.map(lambda pocket: made[pocket.id])


def every_pocket(session: Session, actor: Actor, today: date) -> list[PocketExposure]:
    """All pockets in scope with their exposure, for a file."""
    query = (
        select(Pocket)
        .join(Fund, Fund.id == Pocket.fund_id)
        .where(within(actor, Fund.institution_id))
        .options(selectinload(Pocket.fund))
        .order_by(Fund.reference, Pocket.currency)
    )
    return exposures(session, list(session.scalars(query)), today)


def visible_pocket(session: Session, actor: Actor, pocket_id: UUID) -> Pocket:
    """The pocket with its fund, if it lies in the actor's scope. Raises NotFound otherwise."""
    query = (
        select(Pocket)
        .join(Fund, Fund.id == Pocket.fund_id)
        .where(Pocket.id == pocket_id, within(actor, Fund.institution_id))
        .options(selectinload(Pocket.fund))
    )
    found = session.scalars(query).first()
    if found is None or not may(actor, Permission.FUNDS_READ):
        raise NotFound(Breach("exposure.no-pocket", _("There is no such pocket.")))
    return found


def exposures(session: Session, pockets: Sequence[Pocket], today: date) -> list[PocketExposure]:
    """The exposure of these pockets today, in their order."""
    keys = [pocket.id for pocket in pockets]
    positions = balances.pocket_positions(session, keys)
    owed = _owed(session, keys)
    covers = _covers(session, keys)
    made = []
    known: dict[UUID, rates.FoundRate | None] = {}
    for pocket in pockets:
        place = pocket.fund.institution_id
        if place not in known:
            known[place] = rates.valuing_rate(session, Currency.HKD, Currency.CNY, today, place)
        nil = Money.zero(Currency(pocket.currency))
        position = positions.get(pocket.id) or PocketPosition(nil, nil, nil)
        mine = tuple(owed.get(pocket.id, ()))
        standing = tuple(in_force(covers.get(pocket.id, ()), today))
        made.append(PocketExposure(pocket, pocket.fund, position, mine, known[place], standing))
    return made


def covers_of(session: Session, pocket_id: UUID) -> list[ForwardCover]:
    """Every note of a pocket, the newest first."""
    return _covers(session, [pocket_id]).get(pocket_id, [])


def cover_page(
    session: Session, actor: Actor, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[ForwardCover]:
    """One page of the notes in scope, the newest first."""
    query = select(ForwardCover).where(within(actor, ForwardCover.institution_id))
    order = [Order(ForwardCover.entered_at, descending=True), Order(ForwardCover.id, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit)


def visible_cover(session: Session, actor: Actor, cover_id: UUID) -> ForwardCover:
    """The note, if it lies in the actor's scope. Raises NotFound otherwise."""
    query = select(ForwardCover).where(ForwardCover.id == cover_id, within(actor, ForwardCover.institution_id))
    found = session.scalars(query).first()
    if found is None:
        raise NotFound(Breach("cover.not-found", _("There is no such note of forward cover.")))
    return found


def waiting_for(session: Session, actor: Actor) -> list[ForwardCover]:
    """Notes that wait for the actor as the second person, the oldest first."""
    return list(session.scalars(to_confirm(actor)))


def to_confirm(actor: Actor) -> Select[ForwardCover]:
    """The statement of `waiting_for`: entered by somebody else, of institutions where the actor may confirm."""
    places = institutions_granting(actor, Permission.RATES_CONFIRM)
    return (
        select(ForwardCover)
        .where(
            ForwardCover.status == CoverStatus.ENTERED,
            ForwardCover.entered_by_id != actor.person_id,
            ForwardCover.institution_id.in_(places),
        )
        .order_by(ForwardCover.entered_at)
    )


def _covers(session: Session, pocket_ids: Collection[UUID]) -> dict[UUID, list[ForwardCover]]:
    query = select(ForwardCover).where(ForwardCover.pocket_id.in_(pocket_ids))
    found: dict[UUID, list[ForwardCover]] = defaultdict(list)
    for row in session.scalars(query.order_by(ForwardCover.entered_at.desc(), ForwardCover.id.desc())):
        found[row.pocket_id].append(row)
    return found


def _owed(session: Session, pocket_ids: Collection[UUID]) -> dict[UUID, list[Owed]]:
    """What each contract still takes from these pockets, split by the currency of the payee's account."""
    sums: dict[tuple[UUID, str, UUID, Currency, bool], tuple[Money, Money]] = {}
    for key, amount, released in (*_held(session, pocket_ids), *_on_the_way(session, pocket_ids)):
        nil = Money.zero(amount.currency)
        held, out = sums.get(key, (nil, nil))
        sums[key] = (held, out + amount) if released else (held + amount, out)
    found: dict[UUID, list[Owed]] = defaultdict(list)
    for (pocket_id, contract, grantee_id, currency, named), (held, out) in sorted(
        sums.items(), key=lambda each: (each[0][1], each[0][3].value)
    ):
        found[pocket_id].append(Owed(pocket_id, contract, grantee_id, currency, held, out, named))
    return found


Key = tuple[UUID, str, UUID, Currency, bool]


def _held(session: Session, pocket_ids: Collection[UUID]) -> list[tuple[Key, Money, bool]]:
    """Open holds of contracts and of approved payments, with the currency of the account they will be paid to."""
    contracts = (
        select(Contract.hold_id, Contract, BankAccount.currency, Institution.functional_currency)
        .outerjoin(BankAccount, BankAccount.id == Contract.grantee_account_id)
        .join(Institution, Institution.id == Contract.grantee_id)
        .where(Contract.pocket_id.in_(pocket_ids), Contract.hold_id.is_not(None))
    )
    payments = (
        select(Disbursement.hold_id, Contract, BankAccount.currency, BankAccount.currency)
        .join(Contract, Contract.id == Disbursement.contract_id)
        .join(BankAccount, BankAccount.id == Disbursement.payee_account_id)
        .where(
            Disbursement.pocket_id.in_(pocket_ids),
            Disbursement.hold_id.is_not(None),
            Disbursement.status == DisbursementStatus.APPROVED,
        )
    )
    rows = [*session.execute(contracts), *session.execute(payments)]
    holds = {hold.hold_id: hold for hold in balances.holds_by_id(session, [row[0] for row in rows])}
    found = []
    for hold_id, contract, account_currency, book_currency in rows:
        hold = holds.get(hold_id)
        if hold is not None and hold.is_open and hold.remaining:
            currency = Currency(account_currency or book_currency)
            key = (contract.pocket_id, contract.reference, contract.grantee_id, currency, account_currency is not None)
            found.append((key, hold.remaining, False))
    return found


def _on_the_way(session: Session, pocket_ids: Collection[UUID]) -> list[tuple[Key, Money, bool]]:
    """Released, not confirmed by the payee, and not converted yet: the payer's bank converts when it settles."""
    payer, payee = BankAccount.__table__.alias("payer"), BankAccount.__table__.alias("payee")
    query = (
        select(Disbursement, Contract.reference, payer.c.currency, payee.c.currency)
        .join(Contract, Contract.id == Disbursement.contract_id)
        .join(payer, payer.c.id == Disbursement.payer_account_id)
        .join(payee, payee.c.id == Disbursement.payee_account_id)
        .outerjoin(Receipt, (Receipt.disbursement_id == Disbursement.id) & Receipt.reversed_on.is_(None))
        .where(Disbursement.pocket_id.in_(pocket_ids), Disbursement.status.in_(OUT), Receipt.id.is_(None))
    )
    found = []
    for row, contract, paying, paid in session.execute(query):
        currencies = Currencies(row.amount.currency, Currency(paying), Currency(paid))
        chosen = ConversionSide(row.converts_at) if row.converts_at else None
        side = conversion.converting_side(currencies, chosen)
        if side is ConversionSide.PAYER and row.status == DisbursementStatus.SETTLED:
            continue
        found.append(((row.pocket_id, contract, row.grantee_id, Currency(paid), True), row.amount, True))
    return found
