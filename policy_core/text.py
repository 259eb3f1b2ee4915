"""JSON and YAML text to plain values, refusing what would silently lose something: a key told twice.

YAML is read by the 1.2 core rules: instants and days stay text, only true/false are booleans (so the
country NO stays Norway), 12:30 is no number.
"""

import json
import re
from typing import Any

import yaml

from .errors import CaseError, shown


def read_json(text: str) -> object:
    """Parse one JSON value. Raises CaseError with the place of the mistake, or the key told twice."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text else ""
        raise CaseError("", f"not JSON: {error.msg} at {line}column {error.colno}") from None
    except CaseError:
        raise
    except (ValueError, RecursionError) as error:
        raise CaseError("", f"not JSON that can be read: {error}") from None


def read_yaml(text: str) -> object:
    """Parse one YAML document. Raises CaseError with the place of the mistake, or the key told twice."""
    try:
        return yaml.load(text, Loader=_CoreLoader)  # noqa: S506 - _CoreLoader is a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        mistake = ", ".join(part for part in (error.context, error.problem) if part)
        raise CaseError("", f"not YAML: {mistake}{place}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise CaseError("", f"not YAML that can be read: {' '.join(str(error).split())}") from None


def read_text(text: str) -> object:
    """Parse JSON where the text opens like it ("{" or "["), YAML otherwise. Raises CaseError."""
    if not text.strip():
        raise CaseError("", "empty: expected a case in JSON or YAML")
    return read_json(text) if text.lstrip()[0] in "{[" else read_yaml(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise CaseError("", f"the key {shown(key)} is told twice")
            seen.add(key)
    return told


def _refuse_constant(name: str) -> None:
    raise CaseError("", f"{name} is not JSON")


class _CoreLoader(yaml.SafeLoader):
    """A SafeLoader with the scalars of YAML 1.2's core schema, and without duplicate keys."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, OverflowError):
            # A tag that its text does not bear out (!!bool maybe), or a number too long to read.
            kind = node.tag.rpartition(":")[2]
            raise yaml.constructor.ConstructorError(None, None, f"not a readable {kind}", node.start_mark) from None

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        # Its own keys are looked at before others are merged in: the same key in both is no repetition. What is
        # merged over is dropped, so that merges of merges do not grow without bound.
        self._refuse_repeated(node)
        super().flatten_mapping(node)
        node.value = list({key_node.value: (key_node, value) for key_node, value in node.value}.values())

    def _refuse_repeated(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"expected a text key, got {shown(key)}", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {shown(key)} is told twice", key_node.start_mark
                )
            seen.add(key)


_CoreLoader.yaml_implicit_resolvers = {}


def _scalar(tag: str, pattern: str, first: str) -> None:
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_scalar("null", r"^(?:~|null|Null|NULL|)$", "~nN")
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^$"), [""])
_scalar("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
_scalar("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789")
_scalar("float", r"^[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")
_scalar("merge", r"^<<$", "<")
