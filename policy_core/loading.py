"""Loads an edition of the policies from its folder; nothing is read from disk after that."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .codes import Programme
from .errors import CaseError, ParameterError
from .parameters import Parameter, PeriodReader, Policy, Unit
from .text import read_yaml

_FOLDER = Path(__file__).parent / "programmes"
_ENTRY_KEYS = {"clause", "unit", "means", "periods"}
_ENTRY_KEYS_OPTIONAL = {"optional"}


@cache
def default_policy() -> Policy:
    """The edition that ships with this package."""
    return load_policy(_FOLDER)


def load_policy(folder: Path) -> Policy:
    """Read `edition.yml` and every programme's `parameters.yml` below `folder`.

    Raises ParameterError naming the file, the key and the mend: for a missing file or programme, an unknown
    or repeated key, an entry without a clause, a value of the wrong kind, a gap or an overlap in time.
    """
    edition = _read(folder / "edition.yml")
    version = edition.get("version")
    if set(edition) != {"version"} or not isinstance(version, str):
        raise ParameterError(str(folder / "edition.yml"), "version", 'expected only a version, like version: "2026.1"')
    parameters: dict[str, Parameter] = {}
    for programme in Programme:
        file = folder / programme / "parameters.yml"
        for name, entry in _read(file).items():
            if name in parameters:
                raise ParameterError(str(file), name, f"the name is taken in {parameters[name].programme}: rename one")
            parameters[name] = _parameter(str(file), programme, name, entry)
    return Policy(version, parameters)


def _read(file: Path) -> Mapping[str, object]:
    try:
        content = read_yaml(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(str(file), "file", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ParameterError(str(file), "file", "not UTF-8 text: save it as UTF-8") from None
    except CaseError as error:
        raise ParameterError(str(file), "file", error.message) from None
    if not isinstance(content, dict):
        raise ParameterError(str(file), "file", "expected entries by name")
    return content


def _parameter(file: str, programme: Programme, name: str, entry: object) -> Parameter:
    if not isinstance(entry, dict):
        raise ParameterError(file, name, f"expected an entry with {', '.join(sorted(_ENTRY_KEYS))}")
    for key in entry.keys() - _ENTRY_KEYS - _ENTRY_KEYS_OPTIONAL:
        raise ParameterError(file, f"{name}.{key}", "unknown key: remove it or correct its spelling")
    for key in sorted(_ENTRY_KEYS - entry.keys()):
        raise ParameterError(file, f"{name}.{key}", "missing: every figure has its clause, unit, meaning and periods")
    for key in ("clause", "means"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise ParameterError(file, f"{name}.{key}", "expected text")
    if entry["unit"] not in list(Unit):
        raise ParameterError(file, f"{name}.unit", f"expected one of {', '.join(Unit)}, got {entry['unit']!r}")
    optional = entry.get("optional", False)
    if not isinstance(optional, bool):
        raise ParameterError(file, f"{name}.optional", "expected true or false")
    unit = Unit(entry["unit"])
    periods = PeriodReader(file, name, unit, optional).all_time(entry["periods"])
    return Parameter(name, programme, entry["clause"], unit, entry["means"], optional, periods)
