"""Where cost is booked, as leaves. Each terms family rolls these up under its own names; the postings stay the same."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class Heading(StrEnum):
    """One leaf of cost. The value is stored in postings and never changes its meaning."""

    SALARY = "SALARY"
    SOCIAL_INSURANCE = "SOCIAL_INSURANCE"
    STUDENT_STIPEND = "STUDENT_STIPEND"
    LABOUR = "LABOUR"
    EXPERT_FEE = "EXPERT_FEE"
    PERFORMANCE_PAY = "PERFORMANCE_PAY"
    EQUIPMENT_PURCHASE = "EQUIPMENT_PURCHASE"
    EQUIPMENT_LEASE = "EQUIPMENT_LEASE"
    MATERIALS = "MATERIALS"
    TESTING = "TESTING"
    FUEL_AND_POWER = "FUEL_AND_POWER"
    TRAVEL = "TRAVEL"
    CONFERENCE = "CONFERENCE"
    PUBLICATION_AND_IP = "PUBLICATION_AND_IP"
    CONSTRUCTION = "CONSTRUCTION"
    COMMISSIONED_DEVELOPMENT = "COMMISSIONED_DEVELOPMENT"
    AUDIT_FEE = "AUDIT_FEE"
    MANAGEMENT_FEE = "MANAGEMENT_FEE"
    OVERHEAD = "OVERHEAD"
    BANK_CHARGE = "BANK_CHARGE"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """The heading's name in English, a message id to be translated when shown."""
        return _LABELS[self]


_LABELS: dict[Heading, str] = {
    Heading.SALARY: _("Salary"),
    Heading.SOCIAL_INSURANCE: _("MPF and social insurance"),
    Heading.STUDENT_STIPEND: _("Student stipend"),
    Heading.LABOUR: _("Labour"),
    Heading.EXPERT_FEE: _("Expert fee"),
    Heading.PERFORMANCE_PAY: _("Performance pay"),
    Heading.EQUIPMENT_PURCHASE: _("Equipment purchase"),
    Heading.EQUIPMENT_LEASE: _("Equipment lease and use"),
    Heading.MATERIALS: _("Materials"),
    Heading.TESTING: _("Testing and processing"),
    Heading.FUEL_AND_POWER: _("Fuel and power"),
    Heading.TRAVEL: _("Travel"),
    Heading.CONFERENCE: _("Conference and exchange"),
    Heading.PUBLICATION_AND_IP: _("Publication and intellectual property"),
    Heading.CONSTRUCTION: _("Construction"),
    Heading.COMMISSIONED_DEVELOPMENT: _("Commissioned development"),
    Heading.AUDIT_FEE: _("External audit fee"),
    Heading.MANAGEMENT_FEE: _("Host management fee"),
    Heading.OVERHEAD: _("On-cost and overhead"),
    Heading.BANK_CHARGE: _("Bank charge"),
    Heading.OTHER: _("Other cost"),
}
