"""What a project and its team can be; pure."""

from enum import StrEnum


class Confidentiality(StrEnum):
    """Confidentiality class; secret projects are refused at registration."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"
    CONFIDENTIAL = "CONFIDENTIAL"


class TeamRole(StrEnum):
    """What a person is on a project."""

    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR"
    CO_INVESTIGATOR = "CO_INVESTIGATOR"
    PROJECT_MANAGER = "PROJECT_MANAGER"
    MEMBER = "MEMBER"
