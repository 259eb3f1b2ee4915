"""What time it is: read once where a turn enters, and passed on from there."""

from collections.abc import Mapping
from datetime import UTC, datetime

FROZEN_ENVIRONMENTS = frozenset({"demo", "test"})


class ClockError(ValueError):
    """AFTERCARE_CLOCK cannot be used; the message says why and what to do."""


class Clock:
    """The wall clock, or one that stands still at an instant until it is moved (demo and test only)."""

    def __init__(self, frozen_at: datetime | None = None) -> None:
        self._frozen_at = frozen_at

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Clock":
        """The clock AFTERCARE_CLOCK asks for (an ISO 8601 instant with an offset), else the wall clock.

        Raises ClockError outside AFTERCARE_ENV demo or test, and for anything but such an instant.
        """
        given = environ.get("AFTERCARE_CLOCK", "")
        if not given:
            return cls()
        if environ.get("AFTERCARE_ENV", "production") not in FROZEN_ENVIRONMENTS:
            raise ClockError("AFTERCARE_CLOCK works only where AFTERCARE_ENV is demo or test: unset one of the two")
        return cls(instant(given))

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._frozen_at or datetime.now(UTC)

    def move(self, to: datetime) -> None:
        """Stand still at `to` (aware) from now on."""
        if to.tzinfo is None:
            raise ClockError("a clock moves to an instant with an offset")
        self._frozen_at = to.astimezone(UTC)


def instant(text: str) -> datetime:
    """An ISO 8601 instant with an offset, in UTC. Raises ClockError for anything else."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise ClockError(f"expected an instant with an offset, like 2026-03-01T10:00:00+00:00; got {text!r}")
    return given.astimezone(UTC)
