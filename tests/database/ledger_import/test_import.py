"""Files into books: all or nothing, as often as one likes, by those who may post, and the books add up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.cli import hetao
from app.funds.models import Fund
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused, NotPermitted, Refusal, RuleBreached
from app.ledger import balances, posting
from app.ledger.chart import AccountCode
from app.ledger.checking import check
from app.ledger.posting import PeriodState
from app.ledger_import import service
from app.ledger_import.service import Imported
from app.people.models import Person
from tests.builders import payments
from tests.builders.payments import NOW, PaymentWorld

HEAD = "voucher,date,kind,account,currency,subject,debit,credit,functional,contract,tranche,party,reason\n"


@dataclass(frozen=True, slots=True)
class World:
    """A funder's book with a pocket, a contract and an accountant."""

    made: PaymentWorld
    fund: str
    bank: str

    @property
    def code(self) -> str:
        """The book's code."""
        return self.made.funder.code

    @property
    def accountant(self) -> Actor:
        """Who may post."""
        return self.made.accountant

    def opening(self) -> str:
        """Bank 1,000.00 CNY and the pocket 900.00; the rest stands on 3901."""
        return (
            f"O-1,2026-01-01,OPENING,1001,CNY,{self.bank},1000.00,,,,,,Brought forward\n"
            f"O-1,,,3101,CNY,{self.fund},,900.00,,,,,\n"
        )

    def history(self, count: int = 1, start: int = 1) -> str:
        """Releases of 1.00 to the grantee, Dr grants paid · Cr bank; Dr pocket · Cr funds applied."""
        contract, party = self.made.contract.reference, self.made.grantee.code
        return "".join(
            f"H-{n},2026-02-{n % 28 + 1:02},ACTUAL,6101,CNY,,1.00,,,{contract},1,{party},Release {n}\n"
            f"H-{n},,,1001,CNY,{self.bank},,1.00,,,,,\n"
            f"H-{n},,,3101,CNY,{self.fund},1.00,,,{contract},,,\n"
            f"H-{n},,,3201,CNY,,,1.00,,,,,\n"
            for n in range(start, start + count)
        )


@pytest.fixture
def world(session: Session) -> World:
    made = payments.world(session)
    fund = session.get_one(Fund, made.pocket.fund_id)
    session.commit()
    return World(made, fund.reference, made.payer_account.number)


def bring(session: Session, world: World, text: str, actor: Actor | None = None) -> Imported:
    return service.import_file(
        session, actor or world.accountant, world.code, (HEAD + text).encode(), file_name="history.csv", now=NOW
    )


def standing(session: Session, world: World) -> dict[str, int]:
    """Balances in minor units by account code, debit positive."""
    found: dict[str, int] = {}
    for row in balances.trial_balance(session, world.made.funder.id):
        found[row.code.value] = found.get(row.code.value, 0) + row.balance.minor
    return found


def test_opening_balances_and_history_give_the_trial_balance(session: Session, world: World) -> None:
    before = standing(session, world)
    outcome = bring(session, world, world.opening() + world.history(3))
    assert (outcome.posted, outcome.known, outcome.opening) == (4, 0, 1)
    after = standing(session, world)
    added = {code: after[code] - before.get(code, 0) for code in after if after[code] != before.get(code, 0)}
    assert added == {"1001": 99_700, "3101": -89_700, "3201": -300, "3901": -10_000, "6101": 300}
    session.commit()
    assert check(session).differences == ()


def test_the_same_file_twice_posts_nothing_twice(session: Session, world: World) -> None:
    bring(session, world, world.opening() + world.history(2))
    before = standing(session, world)
    again = bring(session, world, world.opening() + world.history(3))
    assert (again.posted, again.known) == (1, 3)
    assert before["6101"] == 200
    assert standing(session, world)["6101"] == 300


def test_the_57th_wrong_entry_of_a_hundred_leaves_nothing(
    session: Session, world: World, database_digest: Callable[[], str]
) -> None:
    before = database_digest()
    wrong = world.history(1, 57).replace(",1.00,", ",99999999.00,")
    with pytest.raises(RuleBreached) as refused:
        bring(session, world, world.opening() + world.history(56) + wrong + world.history(43, 58))
    session.rollback()
    breach = refused.value.breaches[0]
    assert (breach.code, breach.params["voucher"], breach.params["line"]) == ("pocket.insufficient", "H-57", 228)
    assert database_digest() == before


def test_an_unbalanced_voucher_is_named_and_nothing_is_taken(session: Session, world: World) -> None:
    text = world.history(2).replace("H-2,,,3201,CNY,,,1.00", "H-2,,,3201,CNY,,,1.01")
    with pytest.raises(InputRefused) as refused:
        bring(session, world, text)
    assert next((b.params["voucher"], b.params["line"]) for b in refused.value.breaches) == ("H-2", 6)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("{bank}", "no-such-account", "subject"),
        ("{fund}", "FND-0000-000", "subject"),
        ("{contract},1", "{contract},9", "tranche"),
        ("{contract}", "CON-2020-999", "contract"),
        ("{grantee}", "NOBODY", "party"),
        ("3201,CNY,,", "3201,CNY,X,", "subject"),
        ("3201,CNY", "3201,HKD", "functional"),
    ],
)
def test_a_reference_the_book_may_not_name_is_refused(
    session: Session, world: World, old: str, new: str, column: str
) -> None:
    names = {
        "bank": world.bank,
        "fund": world.fund,
        "contract": world.made.contract.reference,
        "grantee": world.made.grantee.code,
    }
    text = world.history(1).replace(old.format(**names), new.format(**names))
    with pytest.raises(InputRefused) as refused:
        bring(session, world, text)
    assert column in {breach.params["column"] for breach in refused.value.breaches}


def test_a_voucher_key_with_another_content_is_refused(session: Session, world: World) -> None:
    bring(session, world, world.opening() + world.history(1))
    with pytest.raises(RuleBreached) as refused:
        bring(session, world, world.opening() + world.history(1).replace("Release 1", "Release one"))
    assert (refused.value.breaches[0].code, refused.value.breaches[0].params["voucher"]) == ("key.reused", "H-1")


def test_a_closed_month_is_named(session: Session, world: World) -> None:
    closed = next(state for state in PeriodState if state is not PeriodState.OPEN)
    posting.set_period(session, world.made.funder.id, date(2026, 2, 1), closed, actor_id=world.accountant.person_id)
    with pytest.raises(RuleBreached) as refused:
        bring(session, world, world.opening() + world.history(1))
    breach = refused.value.breaches[0]
    assert (breach.code, breach.params["voucher"], breach.params["line"]) == ("period.closed", "H-1", 4)


def test_only_those_who_may_post_in_the_book_import(session: Session, world: World) -> None:
    for actor in (world.made.maker, world.made.finance):
        with pytest.raises(NotPermitted):
            bring(session, world, world.opening(), actor)


def test_foreign_opening_balances_carry_their_functional_amount(session: Session, world: World) -> None:
    bring(session, world, "O-9,2026-01-01,OPENING,2401,HKD,,,100.00,92.40,,,,Brought forward\n")
    rows = balances.trial_balance(session, world.made.funder.id)
    worth = {(row.code, row.balance.currency): str(row.functional.amount) for row in rows}
    assert worth[AccountCode.REFUNDS_PAYABLE, Currency.HKD] == "-92.40"
    assert worth[AccountCode.OPENING_BALANCE, Currency.HKD] == "92.40"


def test_the_trail_says_who_imported_what(session: Session, world: World) -> None:
    bring(session, world, world.opening())
    session.flush()
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "ledger.import")).one()
    assert (event.actor_id, event.details["posted"], len(event.details["sha256"])) == (
        world.accountant.person_id, 1, 64,
    )  # fmt: skip


# The command


def run(world: World, folder: Path, text: str, *options: str) -> Result:
    file = folder / "history.csv"
    file.write_text(HEAD + text, encoding="utf-8")
    return CliRunner().invoke(hetao, ["ledger", "import", str(file), "--as", world.accountant.email, *options])


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(
    world: World, tmp_path: Path, database_digest: Callable[[], str]
) -> None:
    before = database_digest()
    result = run(world, tmp_path, world.opening() + world.history(2), "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.output)
    assert (facts["dry_run"], facts["posted"], facts["turnover"]["CNY"]) == (True, 3, "1004.00")
    assert database_digest() == before


def test_the_command_posts_and_says_so(world: World, tmp_path: Path) -> None:
    result = run(world, tmp_path, world.opening() + world.history(2), "--book", world.code)
    assert (result.exit_code, "3 entries posted from 3 vouchers" in result.output) == (0, True), result.output
    again = run(world, tmp_path, world.opening() + world.history(2))
    assert "0 entries posted from 3 vouchers; 3 were there already" in again.output


def test_the_report_speaks_the_persons_language(session: Session, world: World, tmp_path: Path) -> None:
    session.get_one(Person, world.accountant.person_id).language = "zh-Hant"
    session.commit()
    result = run(world, tmp_path, world.history(1).replace("6101", "9999"))
    assert result.exit_code == 1
    assert "第2行" in result.output
    assert "Nothing was posted" not in result.output


def test_the_command_refuses_line_by_line(world: World, tmp_path: Path) -> None:
    result = run(world, tmp_path, world.history(2).replace("6101", "9999"), "--json")
    errors = json.loads(result.output)["errors"]
    assert (result.exit_code, [(error["line"], error["column"]) for error in errors]) == (
        1,
        [(2, "account"), (6, "account")],
    )
    assert all(error["cure"] for error in errors)


def test_a_refusal_is_one_of_the_five_families(session: Session, world: World) -> None:
    with pytest.raises(Refusal):
        service.import_file(session, world.accountant, "NOBOOK", b"", file_name="x", now=NOW)
