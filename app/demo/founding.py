"""Before the money: institutions, people with their rights, bank accounts, authority, mandates and the whitelist."""

from __future__ import annotations

from datetime import date, timedelta

from app.access.policy import AuthorityKind
from app.demo import cast, days
from app.demo.sign_ins import PASSWORD, SIGN_INS
from app.demo.stage import Stage
from app.disbursements import document_service
from app.disbursements.commands import EnterMandate
from app.institutions import account_service, service as institutions
from app.institutions.account_service import AccountCommand, VerifyCommand
from app.institutions.service import InstitutionCommand
from app.institutions.states import Side
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people import rights, service as people
from app.people.authority import service as authority
from app.people.authority.service import LimitCommand
from app.people.rights import RightCommand
from app.people.service import PersonCommand
from app.whitelist import service as whitelist
from app.whitelist.service import ApplyCommand, ListCommand
from app.whitelist.states import SubjectKind, WhitelistKind

PREPARATION = timedelta(days=35)
"""How long before the first fiscal year people begin to prepare."""

IN_ENGLISH = frozenset(entry.email for entry in SIGN_INS)

_K = AuthorityKind
ROLE_LIMITS: tuple[tuple[str, Role, AuthorityKind, Currency, str, str | None], ...] = (
    ("QTSF", Role.GRANT_OFFICER, _K.DISBURSEMENT, Currency.CNY, "2000000.00", "1000000.00"),
    ("QTSF", Role.GRANT_OFFICER, _K.DISBURSEMENT, Currency.HKD, "2000000.00", "1000000.00"),
    ("QTSF", Role.PAYMENTS_OFFICER, _K.RELEASE, Currency.CNY, "20000000.00", None),
    ("QTSF", Role.PAYMENTS_OFFICER, _K.RELEASE, Currency.HKD, "20000000.00", None),
    ("QTSF", Role.GRANT_OFFICER, _K.CONTRACT, Currency.CNY, "5000000.00", None),
    ("QTSF", Role.GRANT_OFFICER, _K.CONTRACT, Currency.HKD, "5000000.00", None),
    ("QTSF", Role.GRANT_OFFICER, _K.AMENDMENT, Currency.CNY, "5000000.00", None),
    ("QTSF", Role.GRANT_OFFICER, _K.AMENDMENT, Currency.HKD, "5000000.00", None),
    ("QTSF", Role.FUND_MANAGER, _K.FUND_MOVEMENT, Currency.CNY, "200000000.00", None),
    ("HRT", Role.GRANT_OFFICER, _K.DISBURSEMENT, Currency.HKD, "3000000.00", "1500000.00"),
    ("HRT", Role.GRANT_OFFICER, _K.DISBURSEMENT, Currency.CNY, "2500000.00", "1200000.00"),
    ("HRT", Role.PAYMENTS_OFFICER, _K.RELEASE, Currency.HKD, "20000000.00", None),
    ("HRT", Role.PAYMENTS_OFFICER, _K.RELEASE, Currency.CNY, "20000000.00", None),
    ("HRT", Role.GRANT_OFFICER, _K.CONTRACT, Currency.HKD, "6000000.00", None),
    ("HRT", Role.GRANT_OFFICER, _K.CONTRACT, Currency.CNY, "5000000.00", None),
    ("HRT", Role.GRANT_OFFICER, _K.AMENDMENT, Currency.HKD, "6000000.00", None),
    ("HRT", Role.GRANT_OFFICER, _K.AMENDMENT, Currency.CNY, "5000000.00", None),
    ("HRT", Role.FUND_MANAGER, _K.FUND_MOVEMENT, Currency.HKD, "200000000.00", None),
    ("QTSF", Role.FUND_MANAGER, _K.FUND_MOVEMENT, Currency.HKD, "200000000.00", None),
    ("HRT", Role.FUND_MANAGER, _K.FUND_MOVEMENT, Currency.CNY, "200000000.00", None),
    *(
        (body.code, role, kind, currency, "20000000.00", None)
        for body in cast.BODIES
        for role, kind in (
            (Role.ACCOUNTANT, _K.JOURNAL),
            (Role.FINANCE_OFFICER, _K.JOURNAL),
            (Role.FINANCE_OFFICER, _K.RESIDUE),
        )
        if cast.players(body.code, role)
        for currency in Currency
    ),
    *(
        (body.code, Role.FINANCE_OFFICER, _K.CLAIM, currency, "50000.00", "20000.00")
        for body in cast.BODIES
        if cast.players(body.code, Role.FINANCE_OFFICER)
        for currency in Currency
    ),
)
"""Rows of the authority matrices: limit, and above which amount a second checker is needed."""

PERSONAL_LIMITS: tuple[tuple[str, str, AuthorityKind, Currency, str, str | None], ...] = (
    ("QTSF", "sun.wei", _K.DISBURSEMENT, Currency.CNY, "10000000.00", "1000000.00"),
    ("QTSF", "sun.wei", _K.DISBURSEMENT, Currency.HKD, "10000000.00", "1000000.00"),
    ("QTSF", "zhou.minghao", _K.DISBURSEMENT, Currency.CNY, "10000000.00", "1000000.00"),
    ("QTSF", "zhou.minghao", _K.DISBURSEMENT, Currency.HKD, "10000000.00", "1000000.00"),
    ("HRT", "lam.ching", _K.DISBURSEMENT, Currency.HKD, "12000000.00", "1500000.00"),
    ("HRT", "lam.ching", _K.DISBURSEMENT, Currency.CNY, "10000000.00", "1200000.00"),
    *(
        (code, key, kind, currency, "50000000.00", None)
        for code, key in (("QTSF", "sun.wei"), ("QTSF", "zhou.minghao"), ("HRT", "lam.ching"))
        for kind in (_K.CONTRACT, _K.AMENDMENT)
        for currency in Currency
    ),
)
"""Directors approve more than their colleagues, and sign every contract of the story."""

LISTED = ("LRU", "TOLO", "FBIQ", "LHU", "STAR")
"""Grantees on the fund-flow list; Meilin Microsystems has applied and waits."""

LAPSES = "STAR"


class Founding:
    """The preparation, played in the weeks before the first fiscal year."""

    def __init__(self, stage: Stage) -> None:
        """Put the preparation on the agenda."""
        self.stage = stage
        self.day = stage.first_day - PREPARATION
        for offset, step in enumerate(
            (self.bodies, self.appointments, self.accounts, self.limits, self.mandates, self.lists)
        ):
            stage.on(days.shifted(self.day, offset), step, minute=0)
        stage.on(days.shifted(stage.today, -8), self.application)

    def bodies(self) -> None:
        """The operator opens the zone authority with two administrators; these open everybody else."""
        stage = self.stage
        zone = institutions.open_by_operator(stage.session, _command(cast.ZONE), now=stage.now)
        stage.world.institutions[cast.ZONE.code] = zone.id
        for key in stage.crew(cast.ZONE.code, Role.ADMINISTRATOR):
            made = people.create_by_operator(
                stage.session,
                _person(cast.player(key)),
                password=PASSWORD,
                roles=[(Role.ADMINISTRATOR, zone.id)],
                now=stage.now,
                today=self.day,
            )
            stage.world.people[key] = made.id
        first, _second = self.administrators(cast.ZONE.code)
        for body in cast.BODIES:
            opened = institutions.open_institution(stage.session, stage.actor(first), _command(body), now=stage.now)
            stage.world.institutions[body.code] = opened.id

    def appointments(self) -> None:
        """The zone's administrators appoint two at each institution; those appoint their own people, always as two."""
        for body in cast.BODIES:
            for key in cast.players(body.code, Role.ADMINISTRATOR):
                self.appoint(key, body.code, Role.ADMINISTRATOR, self.administrators(cast.ZONE.code))
        for player in cast.PLAYERS:
            if player.role is not Role.ADMINISTRATOR:
                self.appoint(player.key, player.institution, player.role, self.administrators(player.institution))
        for key, code, role in cast.FURTHER_RIGHTS:
            self.appoint(key, code, role, self.administrators(code))
        self.stage.forget_rights()

    def administrators(self, code: str) -> tuple[str, str]:
        """The two administrators of an institution."""
        first, second = self.stage.crew(code, Role.ADMINISTRATOR)
        return first, second

    def appoint(self, key: str, code: str, role: Role, by: tuple[str, str]) -> None:
        """One administrator registers the person and proposes the right, the other confirms it."""
        stage, session = self.stage, self.stage.session
        first, second = stage.actor(by[0]), stage.actor(by[1])
        if key not in stage.world.people:
            made = people.create(session, first, _person(cast.player(key)), now=stage.now)
            stage.world.people[key] = made.id
            link = rights.request_password_link(session, first, made.id, now=stage.now)
            _link, secret = rights.issue_password_link(session, second, link.id, link.version, now=stage.now)
            rights.use_password_link(session, secret, PASSWORD, now=stage.now)
        command = RightCommand(stage.world.people[key], role, stage.institution(code), self.day, reason="Appointment")
        proposed = rights.propose(session, first, command, now=stage.now)
        rights.confirm(session, second, proposed.id, proposed.version, now=stage.now)

    def accounts(self) -> None:
        """Each institution enters an account in either currency; a colleague calls back and verifies it."""
        stage = self.stage
        for body in cast.BODIES:
            if body.bank is None:
                continue
            role = Role.ACCOUNTANT if body.kind is cast.F else Role.FINANCE_OFFICER
            first, second = stage.crew(body.code, role)
            for currency, number in zip(Currency, body.numbers, strict=True):
                command = account_command(body, currency, number, f"Research funds, {currency.value}")
                entered = account_service.enter(
                    stage.session, stage.actor(first), stage.institution(body.code), command, now=stage.now
                )
                note = VerifyCommand(entered.version, "Called back on the number in the contract file; letter compared")
                account_service.verify(stage.session, stage.actor(second), entered.id, note, now=stage.now)
                stage.world.accounts[body.code, currency] = entered.id

    def limits(self) -> None:
        """The authority matrices, each row proposed by one administrator and confirmed by another."""
        for code, role, kind, currency, maximum, second in ROLE_LIMITS:
            self._limit(code, role, kind, currency, maximum, second, None)
        for code, key, kind, currency, maximum, second in PERSONAL_LIMITS:
            self._limit(code, Role.GRANT_OFFICER, kind, currency, maximum, second, key)

    def _limit(
        self,
        code: str,
        role: Role,
        kind: AuthorityKind,
        currency: Currency,
        maximum: str,
        second: str | None,
        key: str | None,
    ) -> None:
        stage = self.stage
        proposer, confirmer = self.administrators(code)
        command = LimitCommand(
            institution_id=stage.institution(code),
            role=role,
            kind=kind,
            maximum=Money.parse(maximum, currency),
            first_day=self.day,
            source="Board resolution on delegated authority, paragraph 4",
            second_checker_above=Money.parse(second, currency) if second else None,
            person_id=stage.world.people[key] if key else None,
        )
        row = authority.propose_limit(stage.session, stage.actor(proposer), command, now=stage.now)
        authority.confirm_limit(stage.session, stage.actor(confirmer), row.id, row.version, now=stage.now)

    def mandates(self) -> None:
        """Bank mandates: one signatory, two above a million."""
        stage = self.stage
        for code in ("QTSF", "HRT"):
            first, second = stage.crew(code, Role.ACCOUNTANT)
            for currency in Currency:
                for above, signatories in (("0.00", 1), ("1000000.00", 2)):
                    command = EnterMandate(
                        stage.world.accounts[code, currency],
                        Money.parse(above, currency),
                        signatories,
                        "Bank mandate signed by the board, schedule B",
                        self.day,
                    )
                    made = document_service.enter_mandate(stage.session, stage.actor(first), command, now=stage.now)
                    document_service.confirm_mandate(stage.session, stage.actor(second), made.id, now=stage.now)

    def lists(self) -> None:
        """The whitelist: grantees apply, a whitelist officer lists them; one listing ends three days before today."""
        for code in LISTED:
            until = self.stage.today - timedelta(days=3) if code == LAPSES else None
            self._apply(code, until, listed=True)

    def application(self) -> None:
        """Meilin Microsystems has applied; nobody has decided yet."""
        self._apply("MLC", None, listed=False)

    def _apply(self, code: str, until: date | None, *, listed: bool) -> None:
        stage, body = self.stage, cast.body(code)
        enterprise = body.kind is cast.E
        command = ApplyCommand(
            kind=WhitelistKind.FUND_FLOW,
            subject_kind=SubjectKind.ENTERPRISE if enterprise else SubjectKind.INSTITUTION,
            applied_for_id=stage.institution(code),
            source=f"Application of {body.name_en}",
            institution_id=stage.institution(code),
            reason="Receives research money across the boundary",
        )
        applicant = stage.actor(stage.crew(code, Role.FINANCE_OFFICER)[0])
        entry = whitelist.apply(stage.session, applicant, command, now=stage.now)
        if listed:
            decision = ListCommand(entry.version, self.day, f"Decision of the zone office, list no. {code}-1", until)
            officer = stage.actor(stage.crew(cast.ZONE.code, Role.WHITELIST_OFFICER)[0])
            whitelist.put_on_list(stage.session, officer, entry.id, decision, now=stage.now)


def account_command(body: cast.Body, currency: Currency, number: str, label: str) -> AccountCommand:
    """An account of an institution at its bank."""
    if body.bank is None:
        raise ValueError(f"{body.code} has no bank")
    bank = body.bank
    return AccountCommand(
        currency=currency,
        bank_name=bank.name,
        bank_side=bank.side,
        number=number,
        holder_name=body.name_en,
        label=label,
        bic=bank.bic,
        cnaps=bank.cnaps,
        hk_bank_code=bank.hk_bank_code,
    )


def _command(body: cast.Body) -> InstitutionCommand:
    return InstitutionCommand(
        code=body.code,
        side=body.side,
        kind=body.kind,
        name_en=body.name_en,
        functional_currency=body.currency,
        name_zh_hant=body.name_zh_hant,
        name_zh_hans=body.name_zh_hans,
        industry=body.industry,
        uscc=body.registration if body.side is Side.SZ else "",
        br_number=body.registration if body.side is Side.HK else "",
        address=body.address,
        year_end_month=body.year_end_month,
    )


def _person(player: cast.Player) -> PersonCommand:
    native = "zh-Hant" if cast.body(player.institution).side is Side.HK else "zh-Hans"
    return PersonCommand(
        email=player.email,
        name_en=player.name_en,
        name_zh_hant=player.name_zh_hant,
        name_zh_hans=player.name_zh_hans,
        language="en" if player.email in IN_ENGLISH else native,
    )
