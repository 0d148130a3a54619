"""The policy numbers this system knows, with the values it starts from; and the statuses of a change. Pure.

A number stands here only with its source. Administrators change it on the settings page, not in this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.kernel.messages import _


class PolicyName(StrEnum):
    """The stable name of a policy number, as it stands in the database and the API."""

    BOOKING_RATE_MAX_AGE_DAYS = "booking-rate-max-age-days"
    LARGEST_RATE_STEP_PERCENT = "largest-rate-step-percent"
    OLD_TRANSFER_DAYS = "old-transfer-days"
    LONGEST_DELEGATION_DAYS = "longest-delegation-days"
    SEALING_ALARM_MINUTES = "sealing-alarm-minutes"
    PER_DIEM_SZ = "per-diem-sz"
    PER_DIEM_HK = "per-diem-hk"
    MILEAGE_SZ = "mileage-sz"
    MILEAGE_HK = "mileage-hk"
    QUOTATION_FROM_CNY = "quotation-from-cny"
    QUOTATION_FROM_HKD = "quotation-from-hkd"
    SPLIT_WITHIN_DAYS = "split-within-days"
    LAST_MONTH_PERCENT = "last-month-percent"
    BANK_MATCH_DAYS = "bank-match-days"
    UNMATCHED_LINE_DAYS = "unmatched-line-days"
    CHANGED_ACCOUNT_DAYS = "changed-account-days"
    STILL_ACCOUNT_DAYS = "still-account-days"
    ROUND_TRIP_DAYS = "round-trip-days"
    LATE_PAYMENT_DAYS = "late-payment-days"
    QUOTE_DIFFERENCE_PERCENT = "quote-difference-percent"


class PolicyStatus(StrEnum):
    """A change counts when a second administrator has confirmed it."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a number means, what it starts from and between which values it makes sense.

    `verified` says whether an outside rule was found that states the number; a house rule is not verified.
    """

    name: PolicyName
    label: str
    unit: str
    value: Decimal
    low: Decimal
    high: Decimal
    source: str
    verified: bool
    first_day: date


POLICIES: dict[PolicyName, Policy] = {
    policy.name: policy
    for policy in (
        Policy(
            PolicyName.BOOKING_RATE_MAX_AGE_DAYS,
            _("Oldest booking rate that counts as fresh"),
            _("days"),
            Decimal(7),
            Decimal(1),
            Decimal(31),
            _("House rule: covers the Easter gap of the European Central Bank's reference rates and a long holiday"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.LARGEST_RATE_STEP_PERCENT,
            _("Largest step between a new rate and the last one"),
            _("per cent"),
            Decimal(10),
            Decimal("0.1"),
            Decimal(90),
            _("House rule: HKD is published per 100 by some sources and per 1 by others; a step beyond is a slip"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.OLD_TRANSFER_DAYS,
            _("Age from which a cost transfer is pointed out as old"),
            _("days"),
            Decimal(90),
            Decimal(1),
            Decimal(730),
            _("House rule after the 90 days of many universities' cost transfer policies"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.LONGEST_DELEGATION_DAYS,
            _("Longest time a delegation may last"),
            _("days"),
            Decimal(184),
            Decimal(1),
            Decimal(366),
            _("House rule: a delegation is a stand-in, not a transfer; half a year at most"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.SEALING_ALARM_MINUTES,
            _("Age from which an entry that waits to be sealed raises the alarm"),
            _("minutes"),
            Decimal(10),
            Decimal(1),
            Decimal(1440),
            _("House rule: sealing follows within seconds; ten minutes mean that it stands still"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.PER_DIEM_SZ,
            _("Daily allowance for travel in Shenzhen"),
            _("CNY a day"),
            Decimal(180),
            Decimal(1),
            Decimal(2000),
            _("House rule after the Mainland's travel rules for public bodies: meals and local transport"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.PER_DIEM_HK,
            _("Daily allowance for travel in Hong Kong"),
            _("HKD a day"),
            Decimal(420),
            Decimal(1),
            Decimal(5000),
            _("House rule until the institution states its own figure for meals and local transport"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.MILEAGE_SZ,
            _("Allowance for driving one's own car in Shenzhen"),
            _("CNY a kilometre"),
            Decimal("1.2"),
            Decimal("0.1"),
            Decimal(50),
            _("House rule: fuel, tolls apart, of a middle-sized car"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.MILEAGE_HK,
            _("Allowance for driving one's own car in Hong Kong"),
            _("HKD a kilometre"),
            Decimal("2.5"),
            Decimal("0.1"),
            Decimal(50),
            _("House rule: fuel, tolls apart, of a middle-sized car"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.QUOTATION_FROM_CNY,
            _("Price from which a purchase in CNY needs a quotation"),
            _("CNY"),
            Decimal(10000),
            Decimal(1),
            Decimal(10000000),
            _("House rule; the institution's own purchasing rules go before it"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.QUOTATION_FROM_HKD,
            _("Price from which a purchase in HKD needs a quotation"),
            _("HKD"),
            Decimal(10000),
            Decimal(1),
            Decimal(10000000),
            _("House rule; the institution's own purchasing rules go before it"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.SPLIT_WITHIN_DAYS,
            _("Days within which purchases from one seller are looked at together"),
            _("days"),
            Decimal(30),
            Decimal(1),
            Decimal(366),
            _("House rule; the institution's own purchasing rules go before it"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.LAST_MONTH_PERCENT,
            _("Share of a contract's spending in its last month from which it is pointed out"),
            _("per cent"),
            Decimal(25),
            Decimal(1),
            Decimal(100),
            _("House rule: spending that waits for the end deserves a second look"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.BANK_MATCH_DAYS,
            _("Days between a bank's line and a posting of the same amount that are still suggested as a match"),
            _("days"),
            Decimal(5),
            Decimal(1),
            Decimal(60),
            _(
                "House rule: a weekend and a holiday lie between a payment and its value date;"
                " a longer gap is a question"
            ),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.UNMATCHED_LINE_DAYS,
            _("Age from which an unmatched bank line keeps the month from being sealed"),
            _("days"),
            Decimal(1),
            Decimal(1),
            Decimal(366),
            _("House rule: every line is looked at; raise it where lines of the last days are only noted"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.CHANGED_ACCOUNT_DAYS,
            _("Days after which an account that replaced another is paid without being pointed out"),
            _("days"),
            Decimal(90),
            Decimal(1),
            Decimal(730),
            _("House rule: a diverted payment follows soon upon the change of an account"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.STILL_ACCOUNT_DAYS,
            _("Days without a payment after which an account that is paid again is pointed out"),
            _("days"),
            Decimal(365),
            Decimal(30),
            Decimal(3650),
            _("House rule: a year without a payment is longer than any schedule of tranches here"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.ROUND_TRIP_DAYS,
            _("Days within which money that goes back between two institutions is pointed out"),
            _("days"),
            Decimal(30),
            Decimal(1),
            Decimal(365),
            _("House rule after auditors' practice of looking for round-tripped funds"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.LATE_PAYMENT_DAYS,
            _("Days after which a payment that arrives is called late"),
            _("days"),
            Decimal(7),
            Decimal(1),
            Decimal(60),
            _("House rule: a working agreement with the banks, no rule of law"),
            False,
            date(2020, 1, 1),
        ),
        Policy(
            PolicyName.QUOTE_DIFFERENCE_PERCENT,
            _("Difference between a bank's quote and the reference rate from which it is pointed out"),
            _("per cent"),
            Decimal(1),
            Decimal("0.05"),
            Decimal(20),
            _("House rule: a dearer quote deserves a second bank's; no rule of law"),
            False,
            date(2020, 1, 1),
        ),
    )
}
"""Every policy number with the value in force until administrators change it."""
