"""The rails that come with the system, as data for the first migration; an officer checks each with the bank.

None is verified: hours are those a system publishes and a bank's own cut-off is usually earlier, limits are banks' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from app.kernel.messages import _

SHIPPED_FROM = date(2020, 1, 1)
PERSONS = ("PERSON",)
ANYBODY = ("INSTITUTION", "PERSON")
EVERYWHERE = ("SZ", "HK", "MO", "OTHER")
OWN_CUT_OFF = _("Hours of the system; the bank's own cut-off for customers is usually earlier.")
PERSONS_ONLY = _(
    "For persons: living costs, tuition, medical fees, salaries. At most HKD 10,000 a day and HKD 200,000 a year "
    "northbound, southbound within the yearly quota of USD 50,000; never an institution's instalment."
)
PAYMENT_CONNECT = _("Hong Kong Monetary Authority, page on Payment Connect (launched 22 June 2025)")


@dataclass(frozen=True, slots=True)
class ShippedRail:
    """One rail as the system brings it; hours are local time, without them it runs around the clock."""

    code: str
    name: str
    currencies: tuple[str, ...]
    from_sides: tuple[str, ...]
    to_sides: tuple[str, ...]
    source: str
    note: str = OWN_CUT_OFF
    crossing: bool = False
    payer_kinds: tuple[str, ...] = ANYBODY
    payee_kinds: tuple[str, ...] = ANYBODY
    hours: tuple[time, time, time] | None = None
    days_of: tuple[str, ...] = ()
    makeup_days: bool = False
    largest: tuple[int, str] | None = None
    first_day: date = SHIPPED_FROM

    def row(self) -> dict[str, object]:
        """The columns of the table that hold it."""
        opens_at, closes_at, cut_off = self.hours or (None, None, None)
        largest_minor, largest_currency = self.largest or (None, None)
        return {
            "code": self.code,
            "name": self.name,
            "currencies": list(self.currencies),
            "from_sides": list(self.from_sides),
            "to_sides": list(self.to_sides),
            "crossing": self.crossing,
            "payer_kinds": list(self.payer_kinds),
            "payee_kinds": list(self.payee_kinds),
            "opens_at": opens_at,
            "closes_at": closes_at,
            "cut_off": cut_off,
            "days_of": list(self.days_of),
            "makeup_days": self.makeup_days,
            "largest_minor": largest_minor,
            "largest_currency": largest_currency,
            "note": self.note,
            "source": self.source,
            "verified": False,
            "first_day": self.first_day,
        }


RAILS: tuple[ShippedRail, ...] = (
    ShippedRail(
        "CNAPS",
        _("CNAPS high-value payments (HVPS)"),
        ("CNY",),
        ("SZ",),
        ("SZ",),
        _("People's Bank of China, hours of the high-value system from 2 May 2018: 20:30 the day before to 17:15"),
        hours=(time(20, 30), time(17, 15), time(17, 15)),
        days_of=("SZ",),
        makeup_days=True,
    ),
    ShippedRail(
        "CIPS",
        _("CIPS, cross-border renminbi"),
        ("CNY",),
        EVERYWHERE,
        EVERYWHERE,
        _("People's Bank of China, hours of CIPS phase two from 2 May 2018: day session 8:30 to 17:00"),
        crossing=True,
        hours=(time(8, 30), time(17, 0), time(17, 0)),
        days_of=("SZ", "HK"),
    ),
    ShippedRail(
        "CHATS-HKD",
        _("Hong Kong dollar CHATS"),
        ("HKD",),
        ("HK",),
        ("HK",),
        _("Hong Kong Interbank Clearing, HKD CHATS: 8:30 to 18:30, Monday to Friday"),
        hours=(time(8, 30), time(18, 30), time(17, 0)),
        days_of=("HK",),
    ),
    ShippedRail(
        "CHATS-CNY",
        _("Renminbi CHATS"),
        ("CNY",),
        ("HK",),
        ("HK",),
        _("Bank of China (Hong Kong), renminbi clearing from 20 July 2015: 8:30 to 5:00 the next day"),
        hours=(time(8, 30), time(5, 0), time(17, 0)),
        days_of=("HK",),
    ),
    ShippedRail(
        "FPS-HKD",
        _("Faster Payment System, Hong Kong dollars"),
        ("HKD",),
        ("HK",),
        ("HK",),
        _("Hong Kong Interbank Clearing, Faster Payment System; the limit is one provider's"),
        note=_("Around the clock. Each bank sets its own limits."),
        largest=(1_000_000_000, "HKD"),
    ),
    ShippedRail(
        "FPS-CNY",
        _("Faster Payment System, renminbi"),
        ("CNY",),
        ("HK",),
        ("HK",),
        _("Hong Kong Interbank Clearing, Faster Payment System"),
        note=_("Around the clock. Each bank sets its own limits."),
    ),
    ShippedRail(
        "PAYMENT-CONNECT-NORTH",
        _("Payment Connect, northbound"),
        ("HKD", "CNY"),
        ("HK",),
        ("SZ",),
        PAYMENT_CONNECT,
        note=PERSONS_ONLY,
        payee_kinds=PERSONS,
        largest=(1_000_000, "HKD"),
        first_day=date(2025, 6, 22),
    ),
    ShippedRail(
        "PAYMENT-CONNECT-SOUTH",
        _("Payment Connect, southbound"),
        ("CNY", "HKD"),
        ("SZ",),
        ("HK",),
        PAYMENT_CONNECT,
        note=PERSONS_ONLY,
        payee_kinds=PERSONS,
        first_day=date(2025, 6, 22),
    ),
    ShippedRail(
        "SWIFT",
        _("SWIFT, through correspondent banks"),
        ("CNY", "HKD"),
        EVERYWHERE,
        EVERYWHERE,
        _("Assumed: banks of both sides open, handed in by 16:00"),
        note=_("The bank says its cut-off, its correspondents and who bears charges."),
        crossing=True,
        hours=(time(9, 0), time(17, 0), time(16, 0)),
        days_of=("SZ", "HK"),
    ),
)
