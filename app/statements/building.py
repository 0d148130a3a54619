"""Builds the report behind a statement: as a draft with its watermark, or as issued, with names, code and files."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.institutions.models import Institution
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.people import queries as people
from app.people.models import Person
from app.statements.models import Statement, StatementCertificate
from app.statements.states import Capacity, StatementStatus
from reports import heads
from reports.catalogue import REPORTS, ReportKind
from reports.model import Certificate, Language, Literal, Multilingual, Report, Signatory, Words, text
from reports.output import MEDIA_TYPES, Format, file_name, write
from reports.parameters import Parameters

FORMATS = (Format.PDF, Format.XLSX, Format.JSON)
"""What an issued statement is kept as, each in every language."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that are not mistaken for one another."""

CODE_LENGTH = 6

TEST_NOTE = _("Signed with a test certificate: not for filing.")

STATEABLE = tuple(kind for kind in REPORTS.values() if kind.about_contract)
"""Reports that can be statements: those about a contract."""


@dataclass(frozen=True, slots=True)
class Written:
    """One file of an issued statement."""

    language: Language
    format: Format
    name: str
    content: bytes


def kind_of(name: str) -> ReportKind:
    """The report of that name, if it can be a statement. Raises NotFound."""
    found = REPORTS.get(name)
    if found is None or not found.about_contract:
        raise NotFound(Breach("statement.report-not-found", _("There is no such report to make a statement of.")))
    return found


def figures(session: Session, statement: Statement, *, now: datetime) -> Report:
    """The statement's report as the books give it now; its digest tells whether the figures are those certified."""
    parameters = Parameters(statement.first_day, statement.last_day, now, contract_id=statement.contract_id)
    report = kind_of(statement.report).build(session, parameters)
    enough = len(report.certificates) >= len(Capacity)
    return replace(report, certificates=report.certificates if enough else heads.statement_certificates())


def draft(session: Session, statement: Statement, *, now: datetime) -> Report:
    """The report of today's figures, marked on every page as not issued."""
    certified = statement.status == StatementStatus.CERTIFIED
    report = figures(session, statement, now=now)
    return replace(
        _numbered(session, statement, report),
        status=text(_("CERTIFIED, NOT ISSUED")) if certified else text(_("DRAFT")),
        certificates=_named(session, statement, report.certificates),
    )


def issued(session: Session, statement: Statement, report: Report, address: str, *, test: bool = False) -> Report:
    """The report as issued: number, version, who certified and when, where to check it, and whether `test` signs."""
    numbered = _numbered(session, statement, report)
    return replace(
        numbered,
        footers=(*((text(TEST_NOTE),) if test else ()), *numbered.footers),
        certificates=_named(session, statement, report.certificates),
        verify_url=verify_address(address, statement.code),
    )


def verify_address(base: str, code: str) -> str:
    """The address that the square on a page leads to."""
    return f"{base.rstrip('/')}/v/{code}"


def new_code() -> str:
    """A check code that cannot be guessed from the number."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def files(report: Report) -> list[Written]:
    """The issued report in every language and format."""
    return [
        Written(language, form, file_name(report, form, language), write(report, form, language))
        for form in FORMATS
        for language in Language
    ]


def media_type(form: Format) -> str:
    """What a file of that format is sent as."""
    return MEDIA_TYPES[form]


def _numbered(session: Session, statement: Statement, report: Report) -> Report:
    footers = report.footers
    if statement.supersedes_id is not None:
        earlier = session.get_one(Statement, statement.supersedes_id)
        footers = (
            text(
                _("Supersedes %(number)s, version %(version)s: %(reason)s"),
                number=earlier.reference,
                version=earlier.edition,
                reason=Literal(statement.correction_reason),
            ),
            *footers,
        )
    return replace(report, document_id=statement.reference, version=statement.edition, footers=footers)


def _named(session: Session, statement: Statement, certificates: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """The certificates with who gave them and when, as far as they are given."""
    given = {Capacity(each.capacity): each for each in statement.standing_certificates}
    signers = people.by_ids(session, [each.person_id for each in given.values()])
    pairs = zip(certificates, Capacity, strict=False)
    named = [_signed(certificate, given.get(capacity), signers) for certificate, capacity in pairs]
    return (*named, *certificates[len(named) :])


def _signed(
    certificate: Certificate, given: StatementCertificate | None, signers: Mapping[UUID, Person]
) -> Certificate:
    if given is None or not certificate.signatories:
        return certificate
    first, *others = certificate.signatories
    post: Words | None = Literal(given.post) if given.post else first.post
    name = person_name(signers[given.person_id])
    signed = Signatory(first.capacity, name, post, business_date(given.signed_at))
    return replace(certificate, signatories=(signed, *others))


def person_name(person: Person) -> Multilingual:
    """A person's name in the languages it is kept in."""
    return Multilingual(person.name_en, person.name_zh_hant or None, person.name_zh_hans or None)


def institution_names(institution: Institution) -> dict[str, str]:
    """An institution's name by language, for machines."""
    return {language.value: institution.name(language.value) for language in Language}
