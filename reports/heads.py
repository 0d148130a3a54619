"""What stands around the figures of every report: names, period, identification, certificates."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.contracts.models import Contract, Programme
from app.contracts.states import Basis
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.clock import business_date
from app.kernel.messages import _
from app.projects.models import Project
from reports.model import Certificate, Head, Multilingual, Signatory, Text, Words, text
from reports.parameters import Parameters

BASIS_WORDS = {
    Basis.CASH: text(_("Cash basis: income when received, expenditure when paid")),
    Basis.ACCRUAL: text(_("Accrual basis: income when received, expenditure when incurred")),
}


def institution_name(institution: Institution) -> Multilingual:
    """An institution's name in the languages it is kept in."""
    return Multilingual(institution.name_en, institution.name_zh_hant or None, institution.name_zh_hans or None)


def programme_name(programme: Programme) -> Multilingual:
    """A programme's name in the languages it is kept in."""
    return Multilingual(programme.name_en, programme.name_zh_hant or None, programme.name_zh_hans or None)


def project_title(project: Project) -> Multilingual:
    """A project's title in the languages it is kept in."""
    return Multilingual(project.title_en or None, project.title_zh_hant or None, project.title_zh_hans or None)


def period_words(first_day: date, last_day: date, commencement: date | None = None) -> Text:
    """The period in words; the first one of a contract says that it begins with the commencement."""
    if commencement is not None and first_day <= commencement <= last_day:
        return text(_("For the period from %(first)s (commencement) to %(last)s"), first=commencement, last=last_day)
    if (first_day.month, first_day.day) == ((last_day + timedelta(days=1)).month, (last_day + timedelta(days=1)).day):
        year_before = date(last_day.year - 1, last_day.month, min(last_day.day, 28))
        if year_before <= first_day:
            return text(_("For the year ended %(last)s"), last=last_day)
    return text(_("For the period from %(first)s to %(last)s"), first=first_day, last=last_day)


def contract_issuer(session: Session, contract: Contract) -> tuple[Words, ...]:
    """Who issues a contract's statement: the grantee."""
    return (institution_name(institutions.by_id(session, contract.grantee_id)),)


def contract_references(session: Session, contract: Contract) -> tuple[Words, ...]:
    """Funder, agreement and project, for the top right."""
    project = session.get_one(Project, contract.project_id)
    return (
        institution_name(institutions.by_id(session, contract.funder_id)),
        text(_("Agreement %(number)s"), number=contract.agreement_number or contract.reference),
        text(_("Project %(reference)s"), reference=project.reference),
    )


def contract_heads(session: Session, contract: Contract, programme: Programme) -> tuple[Head, ...]:
    """Scheme, agreement and contract. With the report's own basis and currency this is what a head must name."""
    return (
        Head(text(_("Scheme")), programme_name(programme)),
        Head(text(_("Agreement")), text("%(number)s", number=contract.agreement_number or contract.reference)),
        Head(text(_("Contract")), text("%(reference)s", reference=contract.reference)),
    )


CURRENCY_WORDS = {"CNY": text(_("Renminbi (CNY)")), "HKD": text(_("Hong Kong dollars (HKD)"))}


def document_id(code: str, subject: str, parameters: Parameters) -> str:
    """What stands on each page: the report's letters, its subject and its last day."""
    return f"{code}-{subject}-{parameters.last_day:%Y%m%d}"


def prepared_line(parameters: Parameters) -> Text:
    """When the report was prepared; it is a preparation, not an issued document."""
    return text(_("Prepared from the ledger on %(day)s."), day=business_date(parameters.prepared_at))


NOT_AN_AUDITORS_REPORT = text(_("Not an auditor's report. The software writes no opinion."))


def statement_certificates() -> tuple[Certificate, ...]:
    """The three certificates of a statement: prepared, certified by the PI, certified by the head of institution."""
    return (
        Certificate(
            (text(_("Prepared from the books of the institution and agreed with its ledger.")),),
            (Signatory(text(_("Prepared by")), post=text(_("Finance officer"))),),
        ),
        Certificate(
            (
                text(
                    _(
                        "I certify that the funds were used for the purposes of the project, and that the expenditure"
                        " was necessary for it and is supported by records."
                    )
                ),
            ),
            (Signatory(text(_("Certified by")), post=text(_("Principal investigator"))),),
        ),
        Certificate(
            (
                text(
                    _(
                        "I certify that the agreement has been complied with; that the statement agrees with the"
                        " books of account; that interest earned has been credited to the project; that unspent money"
                        " has been returned, or retained as agreed; and that no expenditure has been claimed from any"
                        " other source except the sponsorship disclosed."
                    )
                ),
            ),
            (Signatory(text(_("Certified by")), post=text(_("Head of institution or delegate"))),),
            chop=True,
        ),
    )
