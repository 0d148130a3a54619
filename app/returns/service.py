"""The verbs of returns: read a file, lay down what its columns mean, submit, post, refuse, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, insert, text, update
from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.budgets.rules import Effect
from app.contracts import queries as contracts
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.evidence import duplicates, service as evidence
from app.evidence.duplicates import Match
from app.evidence.examining import Examined
from app.evidence.fields import DocumentFields
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.ledger import fund_control
from app.ledger.fund_control import CostLine
from app.ledger.headings import Heading
from app.parties import service as parties
from app.returns import gathering, posting, queries, rules
from app.returns.columns import Column
from app.returns.facts import Charged, ReturnFacts
from app.returns.gathering import DOCUMENT_KIND
from app.returns.models import ReturnLayout, ReturnRow, SpendingReturn
from app.returns.queries import EVIDENCE_KIND
from app.returns.rows import LAYOUT, FileRead, Row
from app.returns.states import OPEN, ReturnStatus, RowKind
from app.table_files import reading
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class ImportReturn:
    """A file of a contract's spending."""

    contract_id: UUID
    file: Upload


@dataclass(frozen=True, slots=True)
class WordMeaning:
    """What words or a code in the column of headings mean."""

    words: str
    heading: Heading


@dataclass(frozen=True, slots=True)
class KeepLayout:
    """What the columns of an institution's files are called, what its headings mean, and its currency if none is named.

    An empty name leaves the column to what is commonly used.
    """

    columns: Mapping[Column, str]
    headings: tuple[WordMeaning, ...] = ()
    currency: Currency | None = None


@dataclass(frozen=True, slots=True)
class SubmitReturn:
    """The consent to submit, at the version the page showed. No bank account: the money is pooled."""

    version: int
    bank_account_id: UUID | None = None
    negative_list_declared: bool = False


@dataclass(frozen=True, slots=True)
class PostReturn:
    """The second person's consent; `reason` says why documents that were presented before are not the same."""

    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A return as it stands now: what was read of the file (of a draft), every breach, and what it would leave."""

    file: FileRead | None
    facts: ReturnFacts | None
    breaches: tuple[Breach, ...]
    matches: Mapping[int, tuple[Match, ...]]
    effects: tuple[Effect, ...]

    @property
    def blocking(self) -> tuple[Breach, ...]:
        """What stands in the way."""
        return tuple(each for each in self.breaches if each.blocking)

    @property
    def warnings(self) -> tuple[Breach, ...]:
        """What is only pointed out, documents presented before included."""
        flags = [
            replace(flag, params={**flag.params, "line": line}, field="file")
            for line, found in self.matches.items()
            for flag in (duplicates.breach_of(match) for match in found)
        ]
        return (*(each for each in self.breaches if not each.blocking), *flags)


def import_file(session: Session, actor: Actor, command: ImportReturn, *, now: datetime) -> SpendingReturn:
    """Keep the file as evidence and open a draft return from it. Nothing of its rows is written yet.

    Raises InputRefused for a file that cannot be read, Conflict `returns.already-imported` for one that was imported
    under this contract before, NotFound for a contract out of scope.
    """
    contract = contracts.by_id(session, command.contract_id)
    if not contracts.sees(session, actor, contract.id):
        contracts.get_visible(session, actor, contract.reference)
    authorise(actor, Permission.RETURNS_DRAFT, contract.grantee_id)
    _one_at_a_time(session, contract.id)
    sha256 = bytes.fromhex(command.file.sha256)
    known = queries.of_file(session, contract.id, sha256)
    if known is not None:
        raise _imported_already(known, contract.reference)
    for _line in reading.lines(command.file.content, LAYOUT):
        pass
    made = SpendingReturn(
        id=new_id(),
        reference=next_reference(session, "RET", business_date(now)),
        institution_id=contract.grantee_id,
        contract_id=contract.id,
        file_name=command.file.name,
        file_sha256=sha256,
        status=ReturnStatus.DRAFT,
        made_by_id=actor.person_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    _keep_file(session, actor, made, command.file, now)
    _trace(session, actor, "return.import", made, now, {"sha256": sha256.hex(), "file": made.file_name})
    return made


def keep_layout(
    session: Session, actor: Actor, institution_id: UUID, command: KeepLayout, *, now: datetime
) -> ReturnLayout:
    """Lay down what the institution's columns and words mean, for its later files and for drafts that wait.

    Raises InputRefused where one name is given to two columns.
    """
    authorise(actor, Permission.RETURNS_DRAFT, institution_id)
    columns = {column.value: name.strip() for column, name in command.columns.items() if name.strip()}
    twice = [column for column, name in columns.items() if list(columns.values()).count(name) > 1]
    if twice:
        message = _("One column of the file is chosen for two things.")
        raise InputRefused(Breach("returns.column-shared", message, field=twice[-1]))
    layout = queries.layout_of(session, institution_id)
    if layout is None:
        layout = ReturnLayout(id=new_id(), institution_id=institution_id)
        session.add(layout)
    layout.columns = columns
    layout.headings = {each.words: each.heading.value for each in command.headings}
    layout.currency = command.currency
    layout.changed_by_id, layout.changed_at = actor.person_id, now
    session.flush()
    details = {"columns": columns, "headings": layout.headings, "currency": layout.currency}
    subject = ("return-layout", layout.id)
    trail.record(session, actor, "return.lay-out", subject, details, now=now, institution_id=institution_id)
    return layout


def check(session: Session, actor: Actor, found: SpendingReturn, *, now: datetime) -> Checked:
    """Everything about a return that is not decided yet: what a screen shows before consent. Writes nothing.

    A draft is read from its file as the layout says today; its declaration comes with the submission.
    """
    today = business_date(now)
    contract = contracts.by_id(session, found.contract_id)
    if found.status != ReturnStatus.DRAFT:
        stored = queries.rows_of(session, found.id)
        rows = tuple(gathering.kept(row, Currency(contract.currency)) for row in stored)
        facts = gathering.return_facts(session, found, rows, today)
        ids = {key.id: each.row for key, each in zip(stored, rows, strict=True)}
        return _checked(session, actor, None, facts, (), ids)
    file = gathering.file_read(session, found)
    if file.faults:
        return Checked(file, None, file.faults, {}, ())
    rows = gathering.charged(session, found.institution_id, file.rows, Currency(contract.currency))
    facts = gathering.return_facts(session, found, rows, today, file.columns)
    declared = replace(facts, negative_list_declared=True)
    return _checked(session, actor, file, declared, (), {new_id(): each.row for each in declared.new})


def _checked(
    session: Session,
    actor: Actor,
    file: FileRead | None,
    facts: ReturnFacts,
    more: tuple[Breach, ...],
    rows: Mapping[UUID, Row],
) -> Checked:
    found = (*more, *rules.breaches(facts))
    return Checked(file, facts, found, gathering.presented_before(session, actor, rows), rules.effects_of(facts))


def submit(session: Session, actor: Actor, return_id: UUID, command: SubmitReturn, *, now: datetime) -> SpendingReturn:
    """Write the rows of a draft and submit them for a second person: all of them or none. Nothing is posted yet.

    Raises InputRefused with every wrong line and column, RuleBreached with every rule a row breaks, Conflict.
    """
    found = lock_for_update(session, SpendingReturn, return_id, command.version)
    authorise(actor, Permission.RETURNS_DRAFT, found.institution_id)
    _must_be(found, ReturnStatus.DRAFT)
    _must_be_own(found, actor)
    _one_at_a_time(session, found.contract_id)
    found.bank_account_id = command.bank_account_id
    found.negative_list_declared = command.negative_list_declared
    file = gathering.file_read(session, found)
    if file.faults:
        raise InputRefused(*file.faults)
    contract = contracts.by_id(session, found.contract_id)
    rows = gathering.charged(session, found.institution_id, file.rows, Currency(contract.currency))
    facts = gathering.return_facts(session, found, rows, business_date(now), file.columns)
    _refuse_if_breached(rules.breaches(facts))
    _write_rows(session, actor, found, facts, now)
    _commit(session, found, facts)
    days = [each.row.cost_on for each in facts.new]
    found.first_day, found.last_day = min(days), max(days)
    found.row_count, found.known_count = len(facts.new), len(facts.rows) - len(facts.new)
    layout = queries.meaning_of(queries.layout_of(session, found.institution_id))
    found.columns = {column.value: name for column, name in file.columns.items()}
    found.headings = {words: heading.value for words, heading in layout.headings.items()}
    found.status, found.submitted_at = ReturnStatus.SUBMITTED, now
    _trace(session, actor, "return.submit", found, now, {"rows": found.row_count, "known": found.known_count})
    return found


def post(session: Session, actor: Actor, return_id: UUID, command: PostReturn, *, now: datetime) -> SpendingReturn:
    """Post every row of a submitted return, each as its own entry; its maker cannot. Every rule is looked at again.

    Raises NotPermitted (own work, or beyond the authority, naming who can), Conflict, RuleBreached; then nothing is
    posted.
    """
    found = _for_decision(session, actor, return_id, command.version, "return.post")
    _one_at_a_time(session, found.contract_id)
    today = business_date(now)
    contract = contracts.by_id(session, found.contract_id)
    stored = queries.rows_of(session, found.id)
    rows = [gathering.kept(row, Currency(contract.currency)) for row in stored]
    posting.must_be_within_authority(session, actor, found, rows, today)
    facts = gathering.return_facts(session, found, tuple(rows), today)
    _refuse_if_breached(rules.breaches(facts))
    ids = {row.id: each.row for row, each in zip(stored, rows, strict=True)}
    flagged = gathering.presented_before(session, actor, ids)
    if flagged and not command.reason.strip():
        raise _unexplained(flagged)
    found.event_id = new_id()
    posting.post_rows(session, actor, found, dict(zip(ids, rows, strict=True)), facts.orders)
    found.status, found.status_reason = ReturnStatus.POSTED, command.reason
    found.posted_by_id = actor.person_id
    _note_sponsors(session, actor, found, rows, now)
    _decide(found, actor, now)
    details = {"rows": len(rows), "presented before": sorted(flagged), "reason": command.reason}
    _trace(session, actor, "return.post", found, now, details)
    return found


def refuse(
    session: Session, actor: Actor, return_id: UUID, reason: str, *, version: int, now: datetime
) -> SpendingReturn:
    """Refuse a submitted return with a reason; nothing is posted, and the file may be brought again once corrected."""
    found = _for_decision(session, actor, return_id, version, "return.refuse")
    found.status, found.status_reason = ReturnStatus.REFUSED, reason
    _let_go(session, found)
    _decide(found, actor, now)
    _trace(session, actor, "return.refuse", found, now, {"reason": reason})
    return found


def withdraw(session: Session, actor: Actor, return_id: UUID, *, version: int, now: datetime) -> SpendingReturn:
    """Take back one's own return while it is not posted; the file may be brought again. Raises Conflict afterwards."""
    found = lock_for_update(session, SpendingReturn, return_id, version)
    authorise(actor, Permission.RETURNS_DRAFT, found.institution_id)
    _must_be(found, *OPEN)
    _must_be_own(found, actor)
    found.status = ReturnStatus.WITHDRAWN
    _let_go(session, found)
    _decide(found, actor, now)
    _trace(session, actor, "return.withdraw", found, now)
    return found


def _note_sponsors(
    session: Session, actor: Actor, found: SpendingReturn, rows: Iterable[Charged], now: datetime
) -> None:
    """Who sponsors a contract is known to those who check its claims from the booking on."""
    kinds = (RowKind.SPONSORSHIP_CASH, RowKind.SPONSORSHIP_IN_KIND)
    for name in sorted({each.row.payee for each in rows if each.row.kind in kinds and each.row.payee}):
        place = found.institution_id
        parties.note_sponsor(session, actor, place, found.contract_id, name, found.reference, now=now)


def _keep_file(session: Session, actor: Actor, made: SpendingReturn, file: Upload, now: datetime) -> None:
    """The file as evidence: its rows have been read already, and no other program opens it here."""
    sha256 = bytes.fromhex(file.sha256)
    evidence.keep(
        session,
        actor,
        file,
        subject_kind=EVIDENCE_KIND,
        subject_id=made.id,
        institution_id=made.institution_id,
        title=made.reference,
        now=now,
        examined=Examined(file.media_type, sha256, DocumentFields(), (), None, file.media_type),
    )


def _write_rows(session: Session, actor: Actor, found: SpendingReturn, facts: ReturnFacts, now: datetime) -> None:
    """The new rows, and their documents in the register of what was presented."""
    ids = {new_id(): each for each in facts.new}
    session.execute(insert(cast(Table, ReturnRow.__table__)), [_values(key, found, each) for key, each in ids.items()])
    keys = {key: gathering.document_keys(each.row) for key, each in ids.items()}
    place = found.institution_id
    duplicates.register_many(session, keys, DOCUMENT_KIND, place, now=now, actor=actor)


def _values(key: UUID, found: SpendingReturn, each: Charged) -> dict[str, object]:
    row = each.row
    if each.booked is None:
        raise AssertionError("a row without a rate is refused before it is written")
    return {
        "id": key,
        "return_id": found.id,
        "contract_id": found.contract_id,
        "line": row.line,
        "row_key": row.key,
        "digest": row.digest,
        "live": True,
        "kind": row.kind,
        "heading": row.heading,
        "cost_on": row.cost_on,
        "amount_minor": row.amount.minor,
        "currency": row.amount.currency,
        "booked_minor": each.booked.minor,
        "rate_id": each.rate_id,
        "payee": row.payee,
        "payee_number": row.payee_number,
        "description": row.description,
        "document_code": row.document_code,
        "document_number": row.document_number,
        "order_number": row.order_number,
    }


def _commit(session: Session, found: SpendingReturn, facts: ReturnFacts) -> None:
    """Commit what the return will take of its contract's limits; posting turns it into cost, a refusal frees it."""
    lines = [
        CostLine(found.contract_id, found.institution_id, heading, amount, day)
        for (heading, day), amount in rules.commitments(facts).items()
    ]
    fund_control.commit_cost(session, found.id, lines)


def _let_go(session: Session, found: SpendingReturn) -> None:
    """What a return held while it waited: its keys, its documents, its commitments."""
    stored = [row.id for row in queries.rows_of(session, found.id)]
    session.execute(update(ReturnRow).where(ReturnRow.return_id == found.id).values(live=False))
    if stored:
        duplicates.withdraw(session, DOCUMENT_KIND, *stored)
        fund_control.commit_cost(session, found.id, ())


def _refuse_if_breached(found: list[Breach]) -> None:
    blocking = [breach for breach in found if breach.blocking]
    if blocking:
        raise RuleBreached(*blocking)


def _for_decision(session: Session, actor: Actor, return_id: UUID, version: int, verb: str) -> SpendingReturn:
    found = lock_for_update(session, SpendingReturn, return_id, version)
    authorise(actor, Permission.RETURNS_POST, found.institution_id)
    if found.made_by_id == actor.person_id:
        raise own_work(verb)
    _must_be(found, ReturnStatus.SUBMITTED)
    return found


def _must_be(found: SpendingReturn, *statuses: ReturnStatus) -> None:
    if found.status not in statuses:
        raise Conflict(
            Breach(
                "returns.moved-on",
                _("This return has moved on since you opened it."),
                cure=_("Open it again to see what happened to it."),
            )
        )


def _must_be_own(found: SpendingReturn, actor: Actor) -> None:
    if found.made_by_id != actor.person_id:
        raise Conflict(
            Breach(
                "returns.not-yours",
                _("Only the person who imported a return submits or withdraws it."),
                cure=_("Ask its maker, or refuse it once it is submitted."),
            )
        )


def _imported_already(known: SpendingReturn, contract: str) -> Conflict:
    return Conflict(
        Breach(
            "returns.already-imported",
            _("This very file was imported for contract %(contract)s already, as %(reference)s. Nothing was written."),
            cure=_("Open that return. To bring the file again, withdraw it first, as long as it is not posted."),
            source=_("A file is imported once: it is known by its SHA-256"),
            params={"contract": contract, "reference": known.reference},
            field="file",
        )
    )


def _unexplained(flagged: Mapping[int, tuple[Match, ...]]) -> RuleBreached:
    lines = ", ".join(str(line) for line in sorted(flagged)[:20])
    return RuleBreached(
        Breach(
            "returns.duplicates-unexplained",
            _("Documents of these lines were presented before: %(lines)s."),
            cure=_("Refuse the return, or say why it is not the same cost; the reason goes on the trail."),
            source=_("No receipt is paid for twice on either side of the river"),
            params={"lines": lines},
            field="reason",
        )
    )


def _decide(found: SpendingReturn, actor: Actor, now: datetime) -> None:
    found.decided_by_id, found.decided_at = actor.person_id, now


def _one_at_a_time(session: Session, contract_id: UUID) -> None:
    """Two returns of one contract are never imported, submitted or posted at once: the second sees the first."""
    lock = text("select pg_advisory_xact_lock(hashtext('return'), hashtext(:contract))")
    session.execute(lock, {"contract": str(contract_id)})


def _trace(
    session: Session,
    actor: Actor,
    verb: str,
    found: SpendingReturn,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    session.flush()
    said = {"reference": found.reference, **(details or {})}
    trail.record(session, actor, verb, ("return", found.id), said, now=now, institution_id=found.institution_id)
