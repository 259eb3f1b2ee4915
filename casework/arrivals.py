"""The day of arrival told in passing: "it came on 5 March and I want to send it back"."""

import re
from collections.abc import Iterable

_CAME = re.compile(
    r"\b(?:arrived|came|delivered|received|got)(?:\s+(?:it|them|mine|here|to|me|only|just|my|the|a|parcel|package|order)){0,3}"
    r"\s*,?\s+(?:(?:on|only|already)\s+)?$",
    re.I,
)
_NOT_SO = re.compile(
    r"\b(?:not|never|nothing|if|whether|when|should|would|could|will|until|supposed|expected|promised|meant|due|to be)"
    r"\b|n['\u2019]?t\b|\b(?:e-?mail|letter|invoice|message|answer|reply|refund|confirmation|notice|call)\b"
    r"|\b(?:says|said|saying|shows|showing|marked|claims|status|tracking|apparently|allegedly)\b",
    re.I,
)
_CLAUSE_ENDS = re.compile(r"[.!?;,]|\b(?:and|but)\b", re.I)


def days_of_arrival(text: str, days: Iterable[str]) -> list[str]:
    """Those of `days`, written as in `text`, that are said to be the day the item came.

    Only what directly follows such words counts; what is denied, supposed or about a letter does not.
    """
    return [day for day in days if any(_is_arrival(text[: found.start()]) for found in _places(day, text))]


def _places(day: str, text: str) -> Iterable[re.Match[str]]:
    return re.finditer(re.escape(day), text, re.I)


def _is_arrival(before: str) -> bool:
    came = _CAME.search(before)
    return came is not None and _NOT_SO.search(_CLAUSE_ENDS.split(before[: came.start()])[-1]) is None
