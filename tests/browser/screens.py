"""The screens that must be free of barriers at every width and in both colour schemes. Add a line with each screen."""

from __future__ import annotations

from dataclasses import dataclass

GUIDE_SCREENS: tuple[str, ...] = (
    "/",
    "/sign-in",
    *(f"/error/{status}" for status in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)),
)
"""Addresses of the style guide."""

OPEN_SCREENS: tuple[str, ...] = (
    "/sign-in",
    "/no-such-page",
    "/set-password/no-such-secret",
    "/verify",
    "/verify/without-us",
    "/v/STM-2026-00001-AAAAAA",
)
"""Addresses of the application that need no sign-in."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: who looks at it (a name of `worlds.furnished`), and its address with that world's names."""

    who: str
    address: str

    def __str__(self) -> str:
        return self.address


_STATEMENT = "/reports/income-and-expenditure?contract={contract}&first_day=2026-01-01&last_day=2026-11-20"

SCREENS: tuple[Screen, ...] = (
    Screen("checker", "/"),
    Screen("checker", "/inbox"),
    Screen("finance", "/inbox"),
    Screen("leader", "/inbox"),
    Screen("checker", "/account"),
    # disbursements
    Screen("checker", "/disbursements"),
    Screen("checker", "/disbursements?select=clean"),
    Screen("checker", "/disbursements?view=all"),
    Screen("payer", "/disbursements"),
    Screen("accountant", "/disbursements"),
    Screen("finance", "/disbursements?view=all&text=nothing"),
    *(Screen("checker", f"/disbursements/{{{status}}}") for status in ("submitted", "bounced", "refused")),
    Screen("maker", "/disbursements/{draft}"),
    Screen("payer", "/disbursements/{approved}"),
    Screen("finance", "/disbursements/{received}"),
    Screen("maker", "/disbursements/draft"),
    Screen("maker", "/disbursements/draft?contract={contract}"),
    Screen("maker", "/disbursements/{draft}/edit"),
    Screen("maker", "/disbursements/{draft}/documents"),
    Screen("maker", "/disbursements/{draft}/minutes"),
    Screen("checker", "/disbursements/{submitted}/return"),
    Screen("checker", "/disbursements/{submitted}/refuse"),
    Screen("maker", "/disbursements/{submitted}/cancel"),
    Screen("checker", "/disbursements/{approved}/recall"),
    Screen("accountant", "/disbursements/{released}/settle"),
    Screen("accountant", "/disbursements/{settled}/bounce"),
    Screen("finance", "/disbursements/{settled}/receipt"),
    Screen("finance", "/disbursements/{received}/withdraw-receipt"),
    Screen("accountant", "/disbursements/mandates"),
    Screen("finance", "/residue-returns"),
    Screen("other_finance", "/residue-returns/{residue-returns}"),
    Screen("finance", "/residue-returns/enter"),
    Screen("finance", "/residue-returns/enter?contract={contract}"),
    # known parties
    Screen("finance", "/parties"),
    Screen("finance", "/parties?text=nothing"),
    Screen("finance", "/parties/add"),
    # contracts
    Screen("checker", "/contracts"),
    Screen("checker", "/contracts?text=nothing"),
    Screen("checker", "/contracts/{contract}"),
    Screen("leader", "/contracts/{contract}"),
    Screen("leader", "/contracts/{contract}/left"),
    Screen("maker", "/contracts/{contract}/amend"),
    Screen("checker", "/contracts/{contract}/amendments/1"),
    Screen("drafter", "/contracts/{draft_contract}"),
    Screen("drafter", "/contracts/{draft_contract}/edit"),
    Screen("drafter", "/contracts/draft"),
    Screen("drafter", "/contracts/draft?project={draft_project}&programme={draft_programme}"),
    Screen("checker", "/obligations"),
    Screen("checker", "/obligations/{obligations}"),
    Screen("finance", "/obligations/{obligations}"),
    Screen("maker", "/programmes"),
    Screen("maker", "/programmes/{programme}"),
    Screen("maker", "/programmes/{programme}/edit"),
    Screen("maker", "/programmes/{programme}/parameters"),
    Screen("maker", "/programmes/create"),
    Screen("maker", "/projects"),
    Screen("maker", "/projects/{project}"),
    Screen("maker", "/projects/{project}/edit"),
    Screen("maker", "/projects/register"),
    # funds, rates, journals
    Screen("funder FUND_MANAGER", "/funds"),
    Screen("funder FUND_MANAGER", "/funds/{parent_fund}"),
    Screen("funder FUND_MANAGER", "/funds/open"),
    Screen("funder FUND_MANAGER", "/funds/{parent_fund}/move"),
    Screen("funder FUND_MANAGER", "/funds/movements/{movements}"),
    Screen("accountant", "/rates"),
    Screen("accountant", "/rates/{waiting_rate}"),
    Screen("accountant", "/rates/enter"),
    Screen("accountant", "/rates/import"),
    Screen("other_finance", "/journals"),
    Screen("other_finance", "/journals/{waiting_journal}"),
    Screen("other_finance", "/journals/{posted_journal}"),
    Screen("finance", "/journals/new"),
    Screen("other_finance", "/returns"),
    Screen("finance", "/returns?text=nothing"),
    Screen("finance", "/returns/import"),
    Screen("finance", "/returns/layouts/{grantee}"),
    Screen("finance", "/returns/layouts/{grantee}?of={draft_return}"),
    Screen("finance", "/returns/{draft_return}"),
    Screen("other_finance", "/returns/{waiting_return}"),
    Screen("finance", "/returns/{posted_return}"),
    Screen("finance", "/journals/{returned_journal}/correct"),
    Screen("checker", "/contracts/{contract}/budget"),
    Screen("finance", "/contracts/{contract}/budget"),
    Screen("finance", "/contracts/{contract}/budget/items"),
    Screen("finance", "/contracts/{contract}/budget/years"),
    # claims
    Screen("other_finance", "/claims"),
    Screen("leader", "/claims?text=nothing"),
    Screen("leader", "/claims/start"),
    Screen("leader", "/claims/{claims}"),
    Screen("leader", "/claims/{claims}/edit"),
    Screen("leader", "/claims/{claims}/answers"),
    Screen("leader", "/claims/{claims}/lines/1"),
    Screen("leader", "/claims/{claims}/lines/1?all=1"),
    Screen("leader", "/claims/{claims}/submit"),
    Screen("finance", "/claims/{submitted_claim}/check"),
    Screen("finance", "/claims/{submitted_claim}"),
    Screen("other_finance", "/claims/{approved_claim}/pay"),
    Screen("leader", "/claims/{paid_claim}"),
    Screen("leader", "/claims/{paid_claim}/print"),
    # equipment, manpower
    Screen("other_finance", "/equipment"),
    Screen("finance", "/equipment?text=nothing"),
    Screen("finance", "/equipment/{held_item}"),
    Screen("other_finance", "/equipment/{leaving_item}"),
    Screen("finance", "/equipment/keep"),
    Screen("finance", "/equipment/import"),
    Screen("finance", "/equipment/{held_item}/change"),
    Screen("finance", "/equipment/{held_item}/see"),
    Screen("finance", "/equipment/{held_item}/dispose"),
    Screen("other_finance", "/manpower"),
    Screen("finance", "/manpower?text=nothing"),
    Screen("other_finance", "/manpower/{manpower}"),
    Screen("finance", "/manpower/keep"),
    Screen("finance", "/manpower/import"),
    Screen("finance", "/manpower/{manpower}/change"),
    Screen("finance", "/manpower/{manpower}/months"),
    Screen("other_finance", "/manpower/contracts/{contract}"),
    Screen("finance", "/reports/equipment-register?contract={contract}&first_day=2026-01-01&last_day=2026-11-20"),
    Screen("finance", "/reports/manpower-schedule?contract={contract}&first_day=2026-01-01&last_day=2026-11-20"),
    # books
    Screen("funder OVERSEER", "/books"),
    Screen("accountant", "/books/keys"),
    Screen("finance", "/books/{grantee}/entries"),
    Screen("finance", "/books/{grantee}/entries?text=nothing"),
    Screen("finance", "/books/{grantee}/entries/{entry}"),
    Screen("finance", "/books/{grantee}/blocks"),
    Screen("accountant", "/periods"),
    Screen("accountant", "/periods/{funder}"),
    Screen("accountant", "/periods/{funder}/months/2026-11"),
    # bank
    Screen("accountant", "/bank"),
    Screen("funder FINANCE_OFFICER", "/bank"),
    Screen("accountant", "/bank/{bank}"),
    Screen("accountant", "/bank/{bank}/enter"),
    Screen("accountant", "/bank/{bank}/bring"),
    Screen("accountant", "/bank/{bank}/match"),
    Screen("accountant", "/bank/{bank}/match?earlier=1"),
    Screen("accountant", "/bank/{bank}/files/{bank_file}"),
    Screen("accountant", "/bank/{bank}/statements/{bank_statement}"),
    Screen("accountant", "/bank/{bank}/months/2026-09"),
    Screen("accountant", "/bank/{bank}/months/2026-10"),
    Screen("accountant", "/reports/bank-reconciliation?book={funder}&first_day=2026-10-01&last_day=2026-10-31"),
    # vouchers
    Screen("funder OVERSEER", "/vouchers"),
    Screen("other_finance", "/vouchers/{grantee}"),
    Screen("accountant", "/vouchers/{funder}"),
    Screen("other_finance", "/vouchers/{grantee}?first_day=2026-01-01&last_day=2026-11-20"),
    Screen("other_finance", "/vouchers/{grantee}/accounts"),
    # reports
    Screen("finance", "/reports"),
    Screen("finance", "/reports/income-and-expenditure"),
    Screen("finance", _STATEMENT),
    # statements
    Screen("finance", "/statements"),
    Screen("finance", "/statements?text=nothing"),
    Screen("finance", "/statements/new"),
    Screen("finance", "/statements/new?contract={contract}"),
    Screen("finance", "/statements/{statements}"),
    Screen("checker", "/statements/{filed_statement}"),
    Screen("leader", "/statements/{draft_statement}"),
    Screen("other_finance", "/statements/{certified_statement}"),
    Screen("finance", "/statements/{audited_statement}"),
    Screen("finance", "/v/{issued_code}"),
    Screen("accountant", "/reports/trial-balance?book={funder}&first_day=2026-01-01&last_day=2026-11-20"),
    # institutions, people, rights
    Screen("checker", "/institutions/"),
    Screen("checker", "/institutions/{grantee}"),
    Screen("funder ADMINISTRATOR", "/institutions/{funder}"),
    Screen("funder ADMINISTRATOR", "/institutions/{funder}/change"),
    Screen("funder ADMINISTRATOR", "/institutions/new"),
    Screen("funder FINANCE_OFFICER", "/institutions/{funder}/accounts/new"),
    Screen("checker", "/institutions/accounts/{waiting_account}"),
    Screen("funder WHITELIST_OFFICER", "/whitelist/"),
    Screen("funder WHITELIST_OFFICER", "/whitelist/{applied}"),
    Screen("maker", "/whitelist/apply"),
    Screen("funder ADMINISTRATOR", "/people/"),
    Screen("funder ADMINISTRATOR", "/people/{maker_id}"),
    Screen("funder ADMINISTRATOR", "/people/{maker_id}/change"),
    Screen("funder ADMINISTRATOR", "/people/new"),
    Screen("funder ADMINISTRATOR", "/authority/"),
    Screen("funder ADMINISTRATOR", "/settings"),
    Screen("funder ADMINISTRATOR", "/audit/"),
)
"""Screens behind the sign-in, each seen by somebody who finds something on it."""

CHINESE_SCREENS: tuple[str, ...] = (
    "/inbox",
    "/disbursements",
    "/disbursements/{submitted}",
    "/contracts/{contract}",
    "/contracts/{contract}/left",
    "/journals",
    "/claims",
    _STATEMENT,
)
"""The main screens, looked at in both Chinese scripts on a phone by a grant officer."""

NO_SCREENS: frozenset[str] = frozenset(
    {
        "books.bundle",
        "books.checkpoint",
        "books.prove_balance",
        "books.prove_entry",
        "books.prove_growth",
        "books.published_keys",
        "contracts.document",
        "evidence.download",
        "evidence.original",
        "evidence.picture",
        "health",
        "pages.demo_progress",
        "periods.pack",
        "reconciliation.original",
        "reporting.download",
        "statements.download",
        "statements.draft_file",
        "verify.without_us_file",
        "static",
        "vouchers.file",
    }
)
"""Endpoints that answer GET with no screen of this list: files, probes, and the demonstration's page (tested apart)."""
