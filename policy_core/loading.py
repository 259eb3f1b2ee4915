"""Loads an edition of the policies from its folder; nothing is read from disk after that."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .codes import Programme
from .errors import CaseError, ParameterError, shown
from .figures import SHAPES, ParameterName
from .parameters import Parameter, PeriodReader, Policy
from .text import read_yaml

_FOLDER = Path(__file__).parent / "programmes"
_ENTRY_KEYS = {"clause", "unit", "means", "periods"}


@cache
def default_policy() -> Policy:
    """The edition that ships with this package."""
    return load_policy(_FOLDER)


def load_policy(folder: Path) -> Policy:
    """Read `edition.yml` and every programme's `parameters.yml` below `folder`.

    Raises ParameterError naming the file, the key and the mend: for a missing file or figure, an unknown or
    repeated key, an entry without a clause, a value of the wrong kind, a gap or an overlap in time.
    """
    edition = read_entries(folder / "edition.yml")
    version = edition.get("version")
    if set(edition) != {"version"} or not isinstance(version, str):
        raise ParameterError(str(folder / "edition.yml"), "version", 'expected only a version, like version: "2026.1"')
    parameters: dict[str, Parameter] = {}
    for programme in Programme:
        parameters |= _parameters(folder / programme / "parameters.yml", programme)
    return Policy(version, parameters)


def _parameters(path: Path, programme: Programme) -> dict[str, Parameter]:
    """Exactly the figures that the rules of `programme` rely on."""
    file, entries = str(path), read_entries(path)
    known = [name for name, shape in SHAPES.items() if shape.programme is programme]
    for name in entries:
        if name not in known:
            raise ParameterError(file, name, f"no figure of {programme}; expected {', '.join(known)}")
    for name in known:
        if name not in entries:
            raise ParameterError(file, name, "missing: the rules rely on it")
    return {name: _parameter(file, name, entries[name]) for name in known}


def read_entries(file: Path) -> Mapping[str, object]:
    """The entries of a YAML file by name. Raises ParameterError naming the file where there are none."""
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


def _parameter(file: str, name: ParameterName, entry: object) -> Parameter:
    if not isinstance(entry, dict):
        raise ParameterError(file, name, f"expected an entry with {', '.join(sorted(_ENTRY_KEYS))}")
    for key in entry.keys() - _ENTRY_KEYS:
        raise ParameterError(file, f"{name}.{key}", "unknown key: remove it or correct its spelling")
    for key in sorted(_ENTRY_KEYS - entry.keys()):
        raise ParameterError(file, f"{name}.{key}", "missing: every figure has its clause, unit, meaning and periods")
    for key in ("clause", "means"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise ParameterError(file, f"{name}.{key}", "expected text")
    shape = SHAPES[name]
    if entry["unit"] != shape.unit:
        raise ParameterError(file, f"{name}.unit", f"expected {shape.unit}, got {shown(entry['unit'])}")
    periods = PeriodReader(file, name, shape.unit, shape.optional).all_time(entry["periods"])
    return Parameter(name, shape.programme, entry["clause"], shape.unit, entry["means"], shape.optional, periods)
