"""The rules of bank statements, matches and months: facts in, breaches out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.reconciliation.statements import LineRead, StatementRead

STATEMENT = _("A bank's statement: opening balance + lines = closing balance, without gaps")
MATCHING = _("A match is the same money on both sides, to the cent")
MONTHS = _("Reconciliation of a month by two people")


@dataclass(frozen=True, slots=True)
class Span:
    """A statement that stands beside the new one: its days and balances."""

    reference: str
    first_day: date
    last_day: date
    opening: Money
    closing: Money


def statement_breaches(read: StatementRead, standing: Sequence[Span]) -> list[Breach]:
    """Everything that is wrong with a statement by itself and beside those that stand, in order of days."""
    return [*days_in_order(read), *lines_are_sound(read), *adds_up(read), *continues(read, standing)]


def days_in_order(read: StatementRead) -> list[Breach]:
    """The first day is not after the last."""
    if read.first_day <= read.last_day:
        return []
    message = _("The statement's first day, %(first)s, lies after its last, %(last)s.")
    cure = _("Check the two days of the statement.")
    params = {"first": read.first_day, "last": read.last_day}
    return [Breach("bank-statement.days", message, cure, STATEMENT, params, field="last_day")]


def lines_are_sound(read: StatementRead) -> list[Breach]:
    """Every line is booked within the statement's days, moves something, and is in its currency."""
    found = []
    for number, line in enumerate(read.lines, 1):
        if not read.first_day <= line.booked_on <= read.last_day:
            message = _("Line %(line)s is booked on %(day)s, outside the statement's days.")
            params: dict[str, object] = {"line": number, "day": line.booked_on}
            cure = _("Check the line's day, or the days of the statement.")
            found.append(
                Breach(
                    "bank-statement.line-day", message, cure, STATEMENT, params, field=f"lines-{number - 1}-booked_on"
                )
            )
        if not line.amount:
            message, params = _("Line %(line)s has no amount."), {"line": number}
            cure = _("Leave the line out, or correct its amount.")
            found.append(
                Breach("bank-statement.line-nil", message, cure, STATEMENT, params, field=f"lines-{number - 1}-amount")
            )
    return found


def adds_up(read: StatementRead) -> list[Breach]:
    """Opening balance + lines = closing balance, or the difference is named."""
    reached = read.opening + total((line.amount for line in read.lines), read.currency)
    if reached == read.closing:
        return []
    message = _(
        "Opening balance and lines come to %(reached)s, the closing balance is %(closing)s: a difference of %(off)s."
    )
    params = {"reached": reached, "closing": read.closing, "off": read.closing - reached}
    cure = _("Look for a line that is missing, doubled or mistyped.")
    return [Breach("bank-statement.adds-up", message, cure, STATEMENT, params, field="closing")]


def continues(read: StatementRead, standing: Sequence[Span]) -> list[Breach]:
    """No day is in two statements, and each opens with the balance the one before it closed with."""
    found = []
    for each in standing:
        if each.first_day <= read.last_day and read.first_day <= each.last_day:
            message = _("%(reference)s covers %(first)s to %(last)s already.")
            cure = _("Enter days that no statement covers, or withdraw the other statement first.")
            params: dict[str, object] = {
                "reference": each.reference,
                "first": each.first_day,
                "last": each.last_day,
            }
            found.append(Breach("bank-statement.overlap", message, cure, STATEMENT, params, field="first_day"))
    if found:
        return found
    before = max((each for each in standing if each.last_day < read.first_day), key=lambda s: s.last_day, default=None)
    after = min((each for each in standing if each.first_day > read.last_day), key=lambda s: s.first_day, default=None)
    if before is not None and before.closing != read.opening:
        message = _("%(reference)s closed with %(closing)s; this statement opens with %(opening)s.")
        params = {"reference": before.reference, "closing": before.closing, "opening": read.opening}
        cure = _("Enter the statement between the two first, or check the opening balance.")
        found.append(Breach("bank-statement.continuity", message, cure, STATEMENT, params, field="opening"))
    if after is not None and after.opening != read.closing:
        message = _("%(reference)s opens with %(opening)s; this statement closes with %(closing)s.")
        params = {"reference": after.reference, "opening": after.opening, "closing": read.closing}
        cure = _("Check the closing balance; the statement that follows begins with it.")
        found.append(Breach("bank-statement.continuity", message, cure, STATEMENT, params, field="closing"))
    return found


LineMark = tuple[str, str, str, date, int]
"""What makes two lines the same one: both references, the UETR, value date and amount in minor units."""


def mark_of(line: LineRead) -> LineMark:
    """The mark of a line of a bank."""
    return line.bank_reference, line.end_to_end, line.uetr, line.value_on, line.amount.minor


def lines_are_new(read: StatementRead, known: Mapping[LineMark, str]) -> list[Breach]:
    """No line bears the bank's own reference of a line that stands already: `known` are those, by their statement."""
    found = []
    for number, line in enumerate(read.lines, 1):
        where = known.get(mark_of(line)) if line.bank_reference else None
        if where is not None:
            message = _("Line %(line)s, with the bank's reference %(mark)s, stands on %(reference)s already.")
            cure = _("Ask the bank which of the two statements is right: nothing was taken.")
            params: dict[str, object] = {"line": number, "mark": line.bank_reference[:60], "reference": where}
            found.append(Breach("bank-statement.line-known", message, cure, STATEMENT, params, field="file"))
    return found


def sequence_notes(read: Iterable[StatementRead], last: int | None) -> list[Breach]:
    """Where a bank's own count of statements skips a number; a count that begins again at 1 is a new year's."""
    found = []
    for each in read:
        if each.sequence is not None and last is not None and each.sequence not in (last + 1, 1):
            message = _("The bank's count of statements goes from %(last)s to %(next)s.")
            cure = _("Ask the bank whether a statement is missing; the balances continue without it.")
            params: dict[str, object] = {"last": last, "next": each.sequence}
            found.append(Breach("bank-statement.sequence", message, cure, STATEMENT, params))
        last = each.sequence if each.sequence is not None else last
    return found


def match_breaches(lines: Sequence[Money], postings: Sequence[Money]) -> list[Breach]:
    """One to one, one to many or many to one, or several of one side that cancel; the sums agree exactly."""
    if len(lines) + len(postings) < 2:
        message = _("A match needs a line and a posting, or several of one side that cancel each other.")
        cure = _("Tick what belongs together on both sides.")
        return [Breach("bank-match.too-few", message, cure, MATCHING, field="lines")]
    if len(lines) > 1 and len(postings) > 1:
        message = _("Several lines and several postings at once: nobody could tell which belongs to which.")
        cure = _("Match one line with its postings, or one posting with its lines, one after the other.")
        return [Breach("bank-match.many-to-many", message, cure, MATCHING, field="lines")]
    currency = (*lines, *postings)[0].currency
    bank, book = total(lines, currency), total(postings, currency)
    if bank == book:
        return []
    message = _("The lines come to %(bank)s, the postings to %(book)s: a difference of %(off)s.")
    params = {"bank": bank, "book": book, "off": bank - book}
    cure = _("Tick what is missing, or enter the difference in the book first: a bank charge, for one.")
    return [Breach("bank-match.sums", message, cure, MATCHING, params, field="postings")]


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What is looked at before a month is prepared."""

    last_day: date
    today: date
    covered: bool
    earlier: date | None
    open_lines: int
    forward: Money
    note: str


def month_breaches(facts: MonthFacts) -> list[Breach]:
    """What keeps a month from being prepared."""
    found = []
    if facts.today <= facts.last_day:
        message, params = _("The month ends on %(day)s."), {"day": facts.last_day}
        found.append(Breach("bank-month.not-over", message, _("Prepare it after that day."), MONTHS, params))
    elif not facts.covered:
        message = _("No bank statement reaches to %(day)s yet.")
        cure = _("Bring the statement to the end of the month in first.")
        found.append(Breach("bank-month.not-covered", message, cure, MONTHS, {"day": facts.last_day}))
    if facts.earlier is not None:
        message = _("%(month)s is not approved yet.")
        months = {"month": facts.earlier.strftime("%Y-%m")}
        found.append(Breach("bank-month.order", message, _("Reconcile the months in order."), MONTHS, months))
    if (facts.open_lines or facts.forward) and not facts.note:
        message = _("Lines without a posting: %(lines)s; difference brought forward: %(forward)s.")
        cure = _("Match them, or say in a note what they are and what will be done.")
        left = {"lines": facts.open_lines, "forward": facts.forward}
        found.append(Breach("bank-month.unexplained", message, cure, MONTHS, left, field="note"))
    return found
