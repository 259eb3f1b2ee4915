"""The bot's words: the responses of `domain.yml`, looked up by name and filled with values.

A sentence is looked up as `utter_<name>`; where several variations stand there the first is taken, so that
the same facts read the same every time.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import yaml

DOMAIN_FILE = Path(__file__).resolve().parent.parent / "domain.yml"


class MissingWordsError(LookupError):
    """domain.yml lacks a sentence, or a sentence wants a value nobody gave."""


class Words:
    """Sentences by name. Values are numbers, dates and names; never sentences of the code's own."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    @classmethod
    def load(cls, path: Path = DOMAIN_FILE) -> Self:
        """Read the responses of a domain file. Raises MissingWordsError where it has none."""
        responses = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("responses")
        if not responses:
            raise MissingWordsError(f"{path} has no responses")
        return cls({name: variations[0].get("text", "") for name, variations in responses.items()})

    def __contains__(self, name: str) -> bool:
        return f"utter_{name.removeprefix('utter_')}" in self._texts

    def __call__(self, name: str, **values: object) -> str:
        """The sentence `name`, with or without its `utter_`, filled with `values`. Raises MissingWordsError."""
        key = f"utter_{name.removeprefix('utter_')}"
        try:
            return self._texts[key].format(**values).strip()
        except KeyError as error:
            missing = error.args[0]
            what = "has no such response" if missing == key else f"wants the value {missing!r}"
            raise MissingWordsError(f"domain.yml: {key} {what}") from None
