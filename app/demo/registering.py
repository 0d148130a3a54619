"""Equipment and staff of the story: a register and a schedule on either side, made from what is booked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from app.contracts.models import Contract
from app.demo import days
from app.demo.agreements import agreement
from app.demo.stage import Stage, Step
from app.equipment import queries as equipment, service as register
from app.equipment.service import KeepItem, ProposeDisposal, SeeItem
from app.equipment.states import Crossing, DisposalKind, Place
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.balances import PostingRow, Selection, stream_postings
from app.ledger.headings import Heading
from app.manpower import queries as manpower, service as schedule
from app.manpower.models import StaffEngagement
from app.manpower.service import KeepEngagement, MonthCommand
from app.manpower.states import CONTRIBUTIONS, ContributionKind, month_of, months_between

HONG_KONG, SHENZHEN, SECOND = "C08", "C07", "C11"
"""A contract on either side, and another one at the institution of the first."""

GOODS = (
    ("Tunable laser source", "Pearl Delta Photonics", "TLS-0617"),
    ("Low-temperature probe station", "Crossing Star Electronics", "PS-4410"),
    ("Sampling oscilloscope", "Futian Laboratory Supplies", "OSC-20881"),
    ("Fibre fusion splicer", "Shun Fung Optical", "FS-9021"),
    ("Vacuum glove box", "Futian Laboratory Supplies", "GB-3305"),
)
ORCID = "0000-0002-1694-233X"
"""Stated on both sides by one researcher."""

PAID_TOGETHER = "The payroll of two months is booked in one entry"


class Registering:
    """Everything happens within the last weeks, from the entries the spending has made."""

    def __init__(self, stage: Stage) -> None:
        """Put both registers on the agenda."""
        self.stage = stage
        self.tags: dict[str, list[str]] = {}
        self._on(11, partial(self.enter_items, HONG_KONG), 9)
        self._on(11, partial(self.enter_items, SHENZHEN), 10)
        self._on(10, self.take_stock, 9)
        self._on(9, self.propose_disposal, 9)
        self._on(8, self.approve_disposal, 9)
        self._on(8, self.engage_in_hong_kong, 11)
        self._on(8, self.engage_in_shenzhen, 12)
        self._on(7, self.clear_a_flag, 9)
        self._on(7, self.confirm_months, 10)

    def _on(self, ago: int, step: Step, hour: int) -> None:
        """So many working days ago, so that no two steps fall on one day by a weekend."""
        self.stage.on(days.shifted(self.stage.today, -ago), step, hour=hour, minute=0)

    def _keeper(self, key: str) -> Actor:
        return self.stage.actor(self.stage.crew(agreement(key).grantee, Role.PROJECT_MANAGER)[0])

    def _finance(self, key: str, place: int = 0) -> Actor:
        return self.stage.actor(self.stage.crew(agreement(key).grantee, Role.FINANCE_OFFICER)[place])

    def _contract(self, key: str) -> Contract:
        return self.stage.session.get_one(Contract, self.stage.world.contracts[key])

    def _booked(self, key: str, *headings: Heading) -> list[PostingRow]:
        """What the grantee's book has on the headings of the contract, in its currency, up to now."""
        contract = self._contract(key)
        chosen = Selection(book_id=contract.grantee_id, contract_id=contract.id)
        rows: Iterable[PostingRow] = stream_postings(self.stage.session, chosen)
        return [each for each in rows if each.heading in headings and each.amount.currency == contract.currency]

    def enter_items(self, key: str) -> None:
        """An item for each purchase the book shows; the first one came in two."""
        stage, keeper = self.stage, self._keeper(key)
        code, side = agreement(key).grantee, Place.HK if key == HONG_KONG else Place.SZ
        bought = [each for each in self._booked(key, Heading.EQUIPMENT_PURCHASE) if each.amount.minor > 0]
        parts = [
            (row, part) for at, row in enumerate(bought) for part in row.amount.allocate([3, 2] if not at else [1])
        ]
        tags = []
        for number, (row, cost) in enumerate(parts, 1):
            name, supplier, serial = GOODS[number % len(GOODS)]
            item = KeepItem(
                contract=stage.world.references[key],
                tag=f"{code}-EQ-{number:04d}",
                description=name,
                cost=cost,
                acquired_on=row.effective_on,
                place=side,
                supplier=supplier,
                serial_number=f"{serial}-{number}",
                entry_id=row.entry_id,
                location="Building 2, room 305",
                custodian="Laboratory manager",
            )
            kept = register.keep(stage.session, keeper, self._crossed(key, number, item), now=stage.now)
            tags.append(kept.reference)
        self.tags[key] = tags

    def _crossed(self, key: str, number: int, item: KeepItem) -> KeepItem:
        """The second item of either side crossed the boundary."""
        if number != 2:
            return item
        if key == HONG_KONG:
            return replace(
                item,
                place=Place.SZ,
                location="Partner laboratory, Futian",
                crossing=Crossing.ATA_CARNET,
                customs_document="ATA HK-26-01482",
                crossed_on=item.acquired_on + timedelta(days=20),
                return_by=self.stage.today + timedelta(days=75),
            )
        crossed = item.acquired_on - timedelta(days=5)
        return replace(
            item,
            crossing=Crossing.RELIEF_GOODS,
            customs_document="531620260000418",
            crossed_on=crossed,
            hs_code="9027500090",
            relief_item="Class 2, item 117",
            relief_certificate="HT-2026-0098",
            customs_account="E-5316-0042",
            supervision_until=crossed + timedelta(days=3 * 365),
            relief_source="Certificate HT-2026-0098: three years from release",
        )

    def take_stock(self) -> None:
        """The keepers go round; one item is not found where it should stand."""
        for key, references in self.tags.items():
            for reference in references[:-1]:
                item = equipment.visible_item(self.stage.session, self._keeper(key), reference)
                seen = SeeItem(self.stage.day, Place(item.place), item.location, "Working")
                register.see(self.stage.session, self._keeper(key), reference, seen, now=self.stage.now)

    def propose_disposal(self) -> None:
        """The oldest item in Hong Kong is beyond repair."""
        reference = self.tags[HONG_KONG][0]
        item = equipment.visible_item(self.stage.session, self._keeper(HONG_KONG), reference)
        scrapped = ProposeDisposal(DisposalKind.SCRAPPED, self.stage.day, "The laser tube failed; repair costs more")
        register.propose_disposal(
            self.stage.session, self._keeper(HONG_KONG), reference, scrapped, version=item.version, now=self.stage.now
        )

    def approve_disposal(self) -> None:
        """A finance officer agrees."""
        reference, officer = self.tags[HONG_KONG][0], self._finance(HONG_KONG)
        item = equipment.visible_item(self.stage.session, officer, reference)
        register.approve_disposal(self.stage.session, officer, reference, version=item.version, now=self.stage.now)

    def engage_in_hong_kong(self) -> None:
        """Two engineers share the payroll; the second is engaged on another contract as well, for too much."""
        first = self._engaged(HONG_KONG, "R-2041", "Yip Tsz Ching", "Research engineer", "100", "38000.00", ORCID)
        self._engaged(HONG_KONG, "R-2042", "Luk Ho Yin", "Research engineer", "60", "32000.00")
        self._typed(HONG_KONG)
        last = first.last_month
        also = KeepEngagement(
            self.stage.world.references[SECOND],
            "R-2042",
            "Luk Ho Yin",
            "Laboratory assistant",
            Money.parse("32000.00", Currency(self._contract(SECOND).currency)),
            days.months_before(last, 1),
            last,
            Decimal(60),
            Heading.LABOUR,
            ContributionKind.MPF,
        )
        schedule.keep(self.stage.session, self._keeper(SECOND), also, now=self.stage.now)

    def engage_in_shenzhen(self) -> None:
        """Two engineers, and for a month the researcher who works full time in Hong Kong."""
        self._engaged(SHENZHEN, "H-0112", "Tao Jingwen", "Research engineer", "80", "26000.00")
        last = self._engaged(SHENZHEN, "H-0120", "Pan Yue", "Research engineer", "100", "24000.00").last_month
        self._typed(SHENZHEN)
        visiting = KeepEngagement(
            self.stage.world.references[SHENZHEN],
            "H-0118",
            "Yip Tsz Ching",
            "Visiting researcher",
            Money.parse("30000.00", Currency(self._contract(SHENZHEN).currency)),
            last,
            last,
            Decimal(50),
            orcid=ORCID,
        )
        schedule.keep(self.stage.session, self._keeper(SHENZHEN), visiting, now=self.stage.now)

    def _engaged(
        self, key: str, code: str, name: str, post: str, percent: str, rate: str, orcid: str = ""
    ) -> StaffEngagement:
        contract = self._contract(key)
        booked = [month_of(each.effective_on) for each in self._booked(key, Heading.SALARY)]
        hong_kong = contract.currency == Currency.HKD
        command = KeepEngagement(
            contract.reference,
            code,
            name,
            post,
            Money.parse(rate, Currency(contract.currency)),
            max(days.months_before(min(booked), 1), month_of(contract.first_day)),
            max(booked),
            Decimal(percent),
            Heading.SALARY,
            ContributionKind.MPF if hong_kong else ContributionKind.SOCIAL_INSURANCE,
            orcid=orcid,
        )
        return schedule.keep(self.stage.session, self._keeper(key), command, now=self.stage.now)

    def _typed(self, key: str) -> None:
        """What was booked, divided between the people three to two, and each entry over two months."""
        contract = self._contract(key)
        nil = Money.zero(Currency(contract.currency))
        people = manpower.on_contract(self.stage.session, contract.id)
        first, last = people[0].first_month, people[0].last_month
        shares = [{month: [nil, nil] for month in months_between(first, last)} for _person in people]
        for row in self._booked(key, Heading.SALARY, CONTRIBUTIONS):
            month, column = month_of(row.effective_on), 1 if row.heading is CONTRIBUTIONS else 0
            into = [each for each in (days.months_before(month, 1), month) if first <= each <= last]
            for mine, part in zip(shares, row.amount.allocate([3, 2]), strict=True):
                for each, amount in zip(into, part.allocate([1] * len(into)), strict=True):
                    mine[each][column] = mine[each][column] + amount
        for engagement, mine in zip(people, shares, strict=True):
            rows = [MonthCommand(month, engagement.percent, *amounts) for month, amounts in mine.items()]
            schedule.set_months(
                self.stage.session,
                self._keeper(key),
                engagement.reference,
                engagement.version,
                rows,
                now=self.stage.now,
            )

    def clear_a_flag(self) -> None:
        """A finance officer has seen the time sheets of one month; the other month waits."""
        contract = self._contract(HONG_KONG)
        engaged = manpower.on_contract(self.stage.session, contract.id)
        one = next(each for each in engaged if each.staff_code == "R-2042")
        schedule.clear_time(
            self.stage.session,
            self._finance(HONG_KONG),
            one.reference,
            days.months_before(one.last_month, 1),
            "The time sheets show 100 %; the second contract is to be corrected",
            now=self.stage.now,
        )

    def confirm_months(self) -> None:
        """The finance officer confirms the first months, which nobody has flagged."""
        contract, officer = self._contract(HONG_KONG), self._finance(HONG_KONG)
        rows = schedule.schedule(self.stage.session, contract)
        for each in [row for row in rows if row.rows and not row.flagged][:4]:
            reason = PAID_TOGETHER if each.difference else ""
            schedule.confirm_month(
                self.stage.session, officer, contract.reference, each.month, reason, now=self.stage.now
            )
