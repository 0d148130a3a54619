"""From the list of books to a proof that holds without the server: by clicking, on a desk and on a phone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.db.session import new_session
from app.db.unit_of_work import unit_of_work
from app.settings import PROJECT
from tests.browser import worlds
from tests.browser.conftest import OpenPage, Served, SignedIn
from tests.browser.driving import overflow
from tests.builders import statements
from tests.builders.payments import PaymentWorld
from tests.builders.sealing import KEY, seal

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def made(served: Served) -> PaymentWorld:
    """The worked example, sealed."""
    with unit_of_work() as session:
        found = statements.worked_example(session)
        worlds.let_everyone_in(session)
    with new_session() as session:
        seal(session)
    return found


def verified(proof: Path) -> subprocess.CompletedProcess[str]:
    """The auditor's script run on a proof, with the key they trust."""
    script = PROJECT / "tools" / "verify_proof.py"
    return subprocess.run(
        [sys.executable, script, proof, "--key", KEY.public.hex()], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, False)])
def test_an_auditor_opens_an_entry_and_proves_it_apart(
    served: Served,
    made: PaymentWorld,
    signed_in: SignedIn,
    open_page: OpenPage,
    tmp_path: Path,
    width: int,
    scripts: bool,
) -> None:
    page = open_page(width=width, scripts=scripts, state=signed_in(made.finance.email))
    page.goto(f"{served.url}/inbox")
    page.get_by_role("link", name="Books", exact=True).click()
    page.get_by_role("link", name=made.grantee.code, exact=True).click()
    page.get_by_label("Search").fill("assistant")
    page.get_by_role("button", name="Show").click()
    assert overflow(page) == 0
    page.locator("tbody th a").first.click()
    assert "Research assistant, November" in page.locator("h1 + p").inner_text()
    assert overflow(page) == 0
    with page.expect_download() as started:
        page.get_by_role("link", name="This entry is in the book").click()
    proof = tmp_path / started.value.suggested_filename
    started.value.save_as(proof)
    held = verified(proof)
    assert held.returncode == 0, held.stdout + held.stderr
    assert "This entry holds" in held.stdout
    said = json.loads(proof.read_text(encoding="utf-8"))
    said["text"] = said["text"].replace('"amount":"10000000"', '"amount":"20000000"')
    proof.write_text(json.dumps(said), encoding="utf-8")
    assert verified(proof).returncode == 1
