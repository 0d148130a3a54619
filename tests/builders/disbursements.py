"""Builders of disbursement facts for rules, without a database: everything met unless the test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from app.contracts.states import ContractStatus, TrancheCondition, WhitelistEffect
from app.disbursements.facts import (
    AccountPart,
    AuthorityPart,
    ContractPart,
    DocumentPart,
    Facts,
    MandatePart,
    PeoplePart,
    PocketPart,
    Stage,
    TranchePart,
    WhitelistPart,
)
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money

TODAY = date(2026, 11, 20)


def cny(text: str) -> Money:
    """Renminbi from a decimal text."""
    return Money.parse(text, Currency.CNY)


def hkd(text: str) -> Money:
    """Hong Kong dollars from a decimal text."""
    return Money.parse(text, Currency.HKD)


def account_part(**changes: Any) -> AccountPart:
    """A verified, cooled account of the right institution."""
    part = AccountPart("•••• 6045", Currency.CNY, True, True, True, None, "VERIFIED")
    return replace(part, **changes)


def facts(**changes: Any) -> Facts:
    """Facts of a disbursement of CNY 400,000.00 that meets every gate at approval."""
    acting = new_id()
    whole = Facts(
        stage=Stage.APPROVAL,
        today=TODAY,
        amount=cny("400000.00"),
        requested_value_date=date(2026, 11, 24),
        contract=ContractPart(
            "CTR-2025-00003",
            ContractStatus.ACTIVE,
            date(2025, 9, 1),
            date(2027, 8, 31),
            Currency.CNY,
            cny("900000.00"),
        ),
        tranche=TranchePart(
            2,
            date(2026, 11, 1),
            cny("400000.00"),
            cny("0"),
            TrancheCondition.ACCEPTED_REPORT,
            True,
            date(2026, 11, 2),
            False,
        ),
        pocket=PocketPart("Photonics sub-fund", Currency.CNY, cny("5000000.00")),
        payee=account_part(currency=Currency.HKD),
        payer=account_part(),
        grantee="Lion Ridge University",
        whitelist=WhitelistPart(WhitelistEffect.BLOCK, "Cross-border fund flow", "Lion Ridge University", True, None),
        people=PeoplePart(new_id(), "Li Jianhua", acting_id=acting),
        authority=AuthorityPart(limit=cny("2000000.00")),
        mandate=MandatePart(1, 0, "Bank mandate of 2025"),
        documents=(DocumentPart("Outbound tax filing", "Route SZ to HK", True, True, None),),
    )
    return replace(whole, **changes)
