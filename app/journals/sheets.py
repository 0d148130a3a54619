"""The calculation behind a computed journal as a document: what is sealed with the entry is what was shown. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from app.contracts.terms.ratios import Of
from app.journals.interest import Apportionment, Share
from app.journals.overhead import Formula, Overhead, RowCost
from app.kernel.currencies import Currency
from app.kernel.money import Money

Sheet = Overhead | Apportionment
"""What the system computes and proposes."""

MEDIA_TYPE = "application/json"
_OVERHEAD, _INTEREST = "overhead", "interest"


def written(sheet: Sheet) -> bytes:
    """The sheet as JSON that people can read too: amounts and days as text, the results beside what they come from."""
    said: dict[str, Any] = asdict(sheet, dict_factory=_dict)
    said = {"calculation": _OVERHEAD if isinstance(sheet, Overhead) else _INTEREST, **said}
    if isinstance(sheet, Overhead):
        said["result"] = {name: str(getattr(sheet, name)) for name in ("gross", "base", "given", "charge")}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def read(content: bytes) -> Sheet:
    """The sheet that was written. Raises ValueError or KeyError for anything else."""
    said = json.loads(content)
    days = date.fromisoformat(said["first_day"]), date.fromisoformat(said["last_day"])
    return _overhead(said, *days) if said["calculation"] == _OVERHEAD else _apportionment(said, *days)


def _dict(pairs: list[tuple[str, Any]]) -> Any:
    """A dataclass as a mapping; money as `CNY 12.00`."""
    given = dict(pairs)
    if set(given) == {"minor", "currency"}:
        return str(Money(given["minor"], given["currency"]))
    return {name: _text(value) for name, value in given.items()}


def _text(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def _money(text: str) -> Money:
    currency, _space, amount = text.partition(" ")
    negative = amount.startswith("-")
    found = Money.parse(amount.removeprefix("-"), Currency(currency))
    return -found if negative else found


def _overhead(said: dict[str, Any], first_day: date, last_day: date) -> Overhead:
    formula = {name: value for name, value in said["formula"].items() if name != "of"}
    return Overhead(
        contract=said["contract"],
        first_day=first_day,
        last_day=last_day,
        formula=Formula(of=Of(said["formula"]["of"]), **formula),
        costs=tuple(
            RowCost(each["code"], each["label"], _money(each["before"]), _money(each["within"]), each["counted"])
            for each in said["costs"]
        ),
        received=_money(said["received"]),
        sponsorship=_money(said["sponsorship"]),
        left_out=_money(said["left_out"]),
        left_out_reason=said["left_out_reason"],
        charged=_money(said["charged"]),
        waiting=_money(said["waiting"]),
    )


def _apportionment(said: dict[str, Any], first_day: date, last_day: date) -> Apportionment:
    return Apportionment(
        first_day=first_day,
        last_day=last_day,
        whole=_money(said["whole"]),
        other_average=_money(said["other_average"]),
        other_part=_money(said["other_part"]),
        shares=tuple(
            Share(
                UUID(each["contract_id"]),
                each["contract"],
                each["days"],
                each["minor_days"],
                _money(each["average"]),
                _money(each["part"]),
            )
            for each in said["shares"]
        ),
    )
