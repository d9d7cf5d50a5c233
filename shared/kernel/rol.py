"""The roles that a caller can have (api.md)."""

from enum import StrEnum


class Rol(StrEnum):
    """Roles of api.md."""

    CONSULENT = "consulent"
    BACKOFFICE = "backoffice"
    CONTROLLER = "controller"
    CONTRACTMANAGER = "contractmanager"
    AANBIEDER = "aanbieder"
    KNOOPPUNT = "knooppunt"
    AUDITOR = "auditor"
    BEHEER = "beheer"
