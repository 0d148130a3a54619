"""The five families of refusal. Each carries breaches, so that screens and the API show the same words."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.breaches import Breach


class Refusal(Exception):
    """Base of everything the system refuses on purpose. `status` is the HTTP status, named here and nowhere else."""

    status = 400

    def __init__(self, *breaches: Breach) -> None:
        """Carry at least one breach; the first one is the headline."""
        super().__init__("; ".join(f"{b.code}: {b.message}" for b in breaches))
        self.breaches: Sequence[Breach] = breaches


class InputRefused(Refusal):
    """Malformed input: names the field and the cure."""

    status = 400


class NotPermitted(Refusal):
    """The actor may see this but not do it; own work is refused this way too."""

    status = 403


class NotFound(Refusal):
    """Does not exist, or lies outside the actor's scope: the two must look the same."""

    status = 404


class Conflict(Refusal):
    """Someone else was first: a stale version, a status that moved on, a key in use."""

    status = 409


class RuleBreached(Refusal):
    """Well-formed, permitted, but a rule of the contract, the fund or the policy says no."""

    status = 422
