"""The schedule of a sample: each line drawn, why it is there, what it was found to be and where its evidence lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from app.engagements.drill import Drilled
from app.engagements.models import Engagement, Sample, SampleItem
from app.engagements.sample_seals import SamplePlace
from app.engagements.samples import drawn_again, evaluation
from app.engagements.states import CLASS_LABELS, LineClass
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.balances import PostingRow
from app.ledger.chart import CHART
from app.sampling import Evaluation, Method, Reason, Sample as Drawn, Side
from app.sampling.states import METHOD_LABELS, REASON_LABELS
from reports import heads
from reports.model import Column, Kind, Language, Note, Report, Row, Section, Table, Text, row, text
from reports.output import Format, write


def write_schedule(
    engagement: Engagement,
    sample: Sample,
    looked_at: Mapping[int, Drilled],
    paths: Mapping[UUID, str],
    place: SamplePlace | None,
    language: Language,
    form: Format,
) -> bytes:
    """The schedule as a file. `looked_at` has every entry drawn; `paths` say where a document lies in the pack."""
    return write(report(engagement, sample, looked_at, paths, place), form, language)


def report(
    engagement: Engagement,
    sample: Sample,
    looked_at: Mapping[int, Drilled],
    paths: Mapping[UUID, str],
    place: SamplePlace | None,
) -> Report:
    """The schedule as a report; amounts are in the sample's currency, with the sign of its class of lines."""
    currency = Currency(sample.currency)
    drawn = drawn_again(sample)
    rows = tuple(_row(item, currency, looked_at[item.entry_id], paths) for item in sample.items)
    table = Table("sample", _columns(currency), rows, caption=text(_("Sample")))
    return Report(
        name="sample",
        title=text(
            _("Sample %(number)s of engagement %(engagement)s"), number=sample.number, engagement=engagement.reference
        ),
        prepared_at=sample.locked_at or sample.made_at,
        document_id=f"{engagement.reference}-S{sample.number}",
        period=heads.period_words(engagement.first_day, engagement.last_day),
        subject=text(CLASS_LABELS[LineClass(sample.line_class)]),
        sections=(Section(table=table),),
        notes=(
            Note("1", text(_("How it was drawn")), tuple(_how(sample, drawn, currency, place))),
            Note("2", text(_("What was found")), tuple(_found(evaluation(sample), drawn, currency))),
        ),
        currency=currency,
    )


def _columns(currency: Currency) -> tuple[Column, ...]:
    return (
        Column("line", text(_("Line")), Kind.REFERENCE),
        Column("date", text(_("Date")), Kind.DATE),
        Column("account", text(_("Account"))),
        Column("particulars", text(_("Particulars"))),
        Column("amount", text(_("Amount")), Kind.MONEY, currency=currency),
        Column("reason", text(_("Why it is in the sample"))),
        Column("stratum", text(_("Stratum"))),
        Column("audited", text(_("Audited amount")), Kind.MONEY, currency=currency),
        Column("finding", text(_("Finding"))),
        Column("records", text(_("Records"))),
        Column("evidence", text(_("Evidence"))),
    )


def _row(item: SampleItem, currency: Currency, drilled: Drilled, paths: Mapping[UUID, str]) -> Row:
    posting = _posting(item, drilled)
    return row(
        f"{item.entry_id}-{item.line_no}",
        item.effective_on,
        text(CHART[posting.code].name),
        posting.reason,
        Money(item.amount_minor, currency),
        text(REASON_LABELS[Reason(item.reason)]),
        item.stratum,
        None if item.audited_minor is None else Money(item.audited_minor, currency),
        item.finding,
        ", ".join(source.reference for source in drilled.sources),
        ", ".join(dict.fromkeys(paths[each.id] for each in drilled.documents)),
    )


def _posting(item: SampleItem, drilled: Drilled) -> PostingRow:
    return next(each for each in drilled.lines if each.line_no == item.line_no)


def _how(sample: Sample, drawn: Drawn, currency: Currency, place: SamplePlace | None) -> Iterator[Text]:
    plan = drawn.plan
    yield text(_("Method: %(method)s."), method=text(METHOD_LABELS[Method(sample.method)]))
    yield text(_("Seed, fixed before: %(seed)s."), seed=sample.seed)
    if plan.method.is_projected:
        yield text(
            _("Confidence %(confidence)s %%, tolerable misstatement %(tolerable)s, expected %(expected)s."),
            confidence=f"{plan.confidence * 100:f}".rstrip("0").rstrip("."),
            tolerable=Money(plan.tolerable, currency),
            expected=Money(plan.expected, currency),
        )
    if drawn.interval is not None and drawn.start is not None:
        yield text(
            _("Sampling interval %(interval)s, first unit %(start)s."),
            interval=Money(drawn.interval, currency),
            start=Money(drawn.start, currency),
        )
    yield text(
        _("%(drawn)s of %(all)s lines, %(share)s %% of their amount. Drawn %(times)s times."),
        drawn=len(drawn.selected),
        all=sample.population_count,
        share=drawn.coverage,
        times=sample.draws,
    )
    yield text(_("SHA-256 of the population: %(digest)s."), digest=sample.population_digest.hex())
    yield text(_("SHA-256 of the sample: %(digest)s."), digest=sample.digest.hex())
    if place is not None and place.block is not None:
        yield text(_("In the seal: book %(book)s, block %(block)s."), book=place.book, block=place.block)
    elif place is not None:
        yield text(_("Not in a block of book %(book)s yet."), book=place.book)


def _found(result: Evaluation, drawn: Drawn, currency: Currency) -> Iterator[Text]:
    yield from _side(_("Too much recorded: known %(known)s, projected %(projected)s."), result.overstated, currency)
    yield from _limit(result.overstated, drawn, currency)
    yield from _side(_("Too little recorded: known %(known)s, projected %(projected)s."), result.understated, currency)
    yield from _limit(result.understated, drawn, currency)
    if result.within_tolerable is None:
        yield text(
            _("Lines outside the sample, %(amount)s in all, are not judged by it."),
            amount=Money(result.unexamined, currency),
        )
    elif result.within_tolerable:
        yield text(_("Both upper limits are within the tolerable misstatement."))
    else:
        yield text(_("An upper limit is above the tolerable misstatement."))


def _side(words: str, side: Side, currency: Currency) -> Iterator[Text]:
    yield text(words, known=Money(side.known, currency), projected=Money(side.projected, currency))


def _limit(side: Side, drawn: Drawn, currency: Currency) -> Iterator[Text]:
    if drawn.plan.method.is_projected:
        yield text(
            _("Basic precision %(basic)s, incremental allowance %(allowance)s, upper limit %(limit)s."),
            basic=Money(side.basic_precision, currency),
            allowance=Money(side.incremental_allowance, currency),
            limit=Money(side.upper_limit, currency),
        )
