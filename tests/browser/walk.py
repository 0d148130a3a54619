"""The whole path in the browser, step by step as the people concerned: from a draft contract to a statement."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Download, Page

from tests.browser.conftest import SignedIn
from tests.browser.worlds import Start
from tests.builders import papers

PAPER = {"name": "signed.pdf", "mimeType": "application/pdf", "buffer": papers.pdf("A signed paper")}


@dataclass(frozen=True, slots=True)
class Example:
    """The figures that are typed: the grant, what the bank advised, and one salary."""

    grant: str
    tranche: str
    last_tranche: str
    account_currency: str
    received: str
    charge: str
    salary: str


@dataclass(slots=True)
class Walk:
    """Each person has a browser of their own; `contract` and `disbursement` are known once they are made."""

    base: str
    start: Start
    example: Example
    signed_in: SignedIn
    open_page: Callable[..., Page]
    scripts: bool = True
    contract: str = ""
    disbursement: str = ""
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str, address: str = "") -> Page:
        """That person's browser, at an address."""
        if who not in self.pages:
            state = self.signed_in(self.start.emails[who])
            self.pages[who] = self.open_page(scripts=self.scripts, state=state)
        page = self.pages[who]
        if address:
            page.goto(self.base + address)
        return page

    # The contract

    def draft_contract(self) -> None:
        """The first officer drafts it: two tranches, the last after the final account."""
        start, example = self.start, self.example
        page = self.page("maker", f"/contracts/draft?project={start.project}&programme={start.programme}")
        page.get_by_label("Grantee", exact=True).select_option(index=1)
        page.get_by_label("Agreement number").fill("QT-2026-101")
        page.get_by_label("Contract amount").fill(example.grant)
        page.get_by_label("Pocket").select_option(index=1)
        page.get_by_label("First day").fill("2026-09-01")
        press(page, "Add a tranche")
        first, last = page.locator("fieldset.line").nth(0), page.locator("fieldset.line").nth(1)
        first.get_by_label(re.compile("^Amount")).fill(example.tranche)
        first.get_by_label("Due on").fill("2026-11-01")
        last.get_by_label(re.compile("^Amount")).fill(example.last_tranche)
        last.get_by_label("Due on").fill("2027-12-31")
        last.get_by_label("Condition").select_option("FINAL_ACCOUNT")
        page.get_by_label("The parties know what the grant never pays").check()
        press(page, "Keep the draft")
        self.contract = self.reference(page, "CTR")

    def sign_contract(self) -> None:
        """The grantee's principal investigator gives the letter, a second officer signs and activates."""
        page = self.page("leader", f"/contracts/{self.contract}")
        page.get_by_text("Upload the commitment letter").click()
        page.get_by_label("Signed commitment letter").set_input_files(PAPER)  # type: ignore[arg-type]
        press(page, "Keep the letter")
        page = self.page("checker", f"/contracts/{self.contract}")
        press(page, "Sign the contract")
        press(page, "Activate the contract")
        page.locator("main").get_by_text("Active", exact=True).first.wait_for()

    # The disbursement

    def draft_disbursement(self) -> None:
        """The first officer prepares the first tranche."""
        page = self.page("maker", f"/disbursements/draft?contract={self.contract}")
        page.get_by_label(re.compile("^Tranche 1")).check()
        page.get_by_label(re.compile("^Amount")).fill(self.example.tranche)
        page.get_by_label("Value date asked for").fill("2026-11-20")
        press(page, "Keep the draft")
        self.disbursement = self.reference(page, "DSB")

    def list_documents(self) -> None:
        """The maker lists every document of the route, the second officer confirms each."""
        page = self.page("maker")
        while page.get_by_role("link", name=re.compile("^List it")).count():
            page.get_by_role("link", name=re.compile("^List it")).first.click()
            page.get_by_label("Number").fill("2026-0042")
            press(page, "List the document")
        page = self.page("checker", f"/disbursements/{self.disbursement}")
        while page.get_by_role("button", name="Confirm", exact=True).count():
            page.get_by_role("button", name="Confirm", exact=True).first.click()
            page.wait_for_load_state()

    def pay(self) -> None:
        """Submitted, approved, released, settled: four people."""
        address = f"/disbursements/{self.disbursement}"
        press(self.page("maker", address), "Submit to the checkers")
        page = self.page("checker", address)
        if page.get_by_label("I have looked at the notes above").count():
            page.get_by_label("I have looked at the notes above").check()
        press(page, re.compile("^Approve "))
        press(self.page("payer", address), re.compile("^Release "))
        page = self.page("accountant", f"{address}/settle")
        page.get_by_label("Bank's reference").fill("BK-20261120-1")
        press(page, "Enter the bank's line")
        page.locator(".sum").get_by_text("Settled").wait_for()

    def confirm_receipt(self) -> None:
        """The grantee's finance officer says what arrived, at the rate of the bank's advice."""
        example = self.example
        page = self.page("finance", f"/disbursements/{self.disbursement}/receipt")
        page.get_by_label("Bank's reference").fill("ADV-77")
        page.get_by_label("Amount received").fill(example.received)
        page.get_by_label(re.compile("^Bank charge")).fill(example.charge)
        page.get_by_label(re.compile("^Rate the bank dealt at")).fill("0.9250")
        page.get_by_label(re.compile("^Where the rate stands")).fill("Bank advice ADV-77")
        press(page, "Confirm what arrived")

    def books(self) -> str:
        """What the disbursement's page says of both books."""
        page = self.page("finance", f"/disbursements/{self.disbursement}")
        table = page.get_by_role("table", name="Entries, posted and to be posted")
        return table.inner_text().replace("\u00a0", " ")

    # The cost, and the statement

    def book_salary(self) -> None:
        """One finance officer enters the salary with its voucher, another approves it."""
        page = self.page("finance", "/journals/new")
        page.get_by_label(re.compile("^Bank account")).select_option(index=1)
        page.get_by_label("Reason").fill("Research assistant, November")
        line = page.locator("fieldset.line").first
        line.get_by_label("Contract", exact=True).select_option(index=1)
        line.get_by_label(re.compile("^Heading")).select_option("SALARY")
        line.locator(f".chips label:has-text('{self.example.account_currency}')").click()
        line.get_by_label(re.compile("^Amount")).fill(self.example.salary)
        page.get_by_label("Evidence").set_input_files(PAPER)  # type: ignore[arg-type]
        page.get_by_label("Nothing here is on the negative list").check()
        press(page, "Submit for approval")
        journal = self.reference(page, "JNL")
        press(self.page("other_finance", f"/journals/{journal}"), "Approve and post")

    def statement(self) -> Page:
        """Statement A of the year on the screen."""
        page = self.page("finance", "/reports/income-and-expenditure")
        page.get_by_label(re.compile("^Contract")).select_option(self.contract)
        page.get_by_label("From").fill("2026-01-01")
        page.get_by_label("To", exact=True).fill("2026-11-20")
        press(page, "Show the report")
        return page

    def download(self) -> Download:
        """The same statement as a PDF."""
        page = self.page("finance")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Download").click()
        return coming.value

    def reference(self, page: Page, prefix: str) -> str:
        """The reference of the record that the page has come to."""
        page.wait_for_url(re.compile(f"/{prefix}-"))
        found = re.search(rf"{prefix}-\d{{4}}-\d+", page.url)
        assert found
        return found.group()

    def whole(self) -> None:
        """Everything up to the statement."""
        self.draft_contract()
        self.sign_contract()
        self.draft_disbursement()
        self.list_documents()
        self.pay()
        self.confirm_receipt()
        self.book_salary()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button and wait for the page it leads to, which must not be a refusal."""
    if isinstance(name, str):
        page.get_by_role("button", name=name, exact=True).click()
    else:
        page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()
    if page.locator(".govuk-error-summary").count():
        raise AssertionError(page.locator(".govuk-error-summary").inner_text())
