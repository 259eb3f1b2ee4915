"""The clause ledger: every clause and every reading of the policies, in our own words, in `programmes/**/clauses.yml`.

A clause is decided by a rule, an obligation, a date or a parameter that cites it; one that decides nothing says
where it `lives` instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from .codes import Programme
from .errors import ParameterError, shown
from .loading import read_entries

_FOLDER = Path(__file__).parent / "programmes"
_FILE = "clauses.yml"
_ID = re.compile(r"[A-Z]{2,3}-(?:[A-Z]?[0-9]+[a-z]?|[A-Z])")
_ASSUMPTION = re.compile(r"[A-Z]{2,3}-A[0-9]+")
_KEYS = {"says", "doubt", "lives"}


class PlaceKind(StrEnum):
    """Where a clause can live that decides nothing."""

    RESPONSE = "response"
    """A sentence of `domain.yml`."""
    CODE = "code"
    """A module, or a name in one: "casework.opening_hours"."""
    SETTING = "setting"
    """A shop's own, in `shops.yml`."""
    CLAUSE = "clause"
    """Another clause, which it only repeats."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look for a clause that decides nothing."""

    kind: PlaceKind
    name: str


@dataclass(frozen=True, slots=True)
class Clause:
    """What a clause says. `programme` None: of all three; `doubt`: what an assumption settles (None for a clause)."""

    id: str
    programme: Programme | None
    says: str
    doubt: str | None = None
    lives: tuple[Place, ...] = ()


@cache
def default_clauses() -> Mapping[str, Clause]:
    """The ledger that ships with this package, by clause id."""
    return load_clauses(_FOLDER)


def load_clauses(folder: Path) -> Mapping[str, Clause]:
    """Read `clauses.yml` of `folder` and of every programme below it, in that order.

    Raises ParameterError naming the file, the key and the mend: for a missing file, an unknown or repeated key, an
    id that is none or stands twice, words left out, a place that is none.
    """
    clauses: dict[str, Clause] = {}
    for programme in (None, *Programme):
        file = (folder if programme is None else folder / programme) / _FILE
        for clause_id, entry in read_entries(file).items():
            if clause_id in clauses:
                owner = clauses[clause_id].programme or "all programmes"
                raise ParameterError(str(file), clause_id, f"the id is taken in {owner}: keep one of the two")
            clauses[clause_id] = _Entry(str(file), clause_id, programme).read(entry)
    return clauses


@dataclass(frozen=True, slots=True)
class _Entry:
    """Reads one entry; every complaint names the file and the key."""

    file: str
    clause_id: str
    programme: Programme | None

    def read(self, raw: object) -> Clause:
        if not _ID.fullmatch(self.clause_id):
            raise ParameterError(self.file, self.clause_id, "no clause id: expected one like BP-4a or ST-A2")
        if not isinstance(raw, dict):
            raise self._error("", f"expected an entry with says, and perhaps doubt and lives, got {shown(raw)}")
        for key in raw.keys() - _KEYS:
            raise self._error(key, "unknown key: remove it or correct its spelling")
        says = self._words(raw, "says", "missing: say the clause in your own words")
        doubt: str | None = None
        if _ASSUMPTION.fullmatch(self.clause_id):
            doubt = self._words(raw, "doubt", "missing: an assumption says which doubt it settles")
        elif "doubt" in raw:
            raise self._error("doubt", "only an assumption (an id like ST-A2) settles a doubt: remove it")
        lives = tuple(self._place(each) for each in self._places(raw))
        return Clause(self.clause_id, self.programme, says, doubt, lives)

    def _words(self, raw: dict[str, object], key: str, mend: str) -> str:
        words = raw.get(key)
        if words is None:
            raise self._error(key, mend)
        if not isinstance(words, str) or not words.strip():
            raise self._error(key, f"expected text, got {shown(words)}")
        return words

    def _places(self, raw: dict[str, object]) -> list[object]:
        if "lives" not in raw:
            return []
        places = raw["lives"]
        if not isinstance(places, list) or not places:
            raise self._error(
                "lives", f"expected a list of places such as [response: utter_ticket], got {shown(places)}"
            )
        return places

    def _place(self, raw: object) -> Place:
        if not isinstance(raw, dict) or len(raw) != 1:
            raise self._error("lives", f"expected one place such as response: utter_ticket, got {shown(raw)}")
        ((kind, name),) = raw.items()
        if kind not in list(PlaceKind):
            raise self._error(f"lives.{kind}", f"unknown kind of place: expected one of {', '.join(PlaceKind)}")
        if not isinstance(name, str) or not name.strip():
            raise self._error(f"lives.{kind}", f"expected its name, got {shown(name)}")
        return Place(PlaceKind(kind), name)

    def _error(self, key: str, mend: str) -> ParameterError:
        return ParameterError(self.file, f"{self.clause_id}.{key}" if key else self.clause_id, mend)
