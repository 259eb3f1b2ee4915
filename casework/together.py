"""Yes-or-no facts asked as one list: each is worded so that it usually holds, and what holds not is told apart."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .plain_yes import is_yes_to_all_of_it

SLOT = "together"
ONE_BY_ONE = "one_by_one"
"""The slot's value once the customer would rather be asked for each fact alone."""

USUAL: Mapping[str, bool] = {
    "complete": True,
    "activated": False,
    "resalable": True,
    "caused_by_customer": False,
    "labels_intact": True,
}
"""What a yes to the list says of each fact."""

_ALL_BUT = re.compile(
    r"^\W*(?:all|everything|it'?s all)\b.*\b(?:except|but|apart from|besides|other than|save)\b", re.I | re.S
)
_EXCEPTS = re.compile(
    r"\b(?:except|but|apart from|other than|save for|only|though|although|however|unless|"
    r"not (?:all|quite|really))\b",
    re.I,
)
_ONE_BY_ONE = re.compile(
    r"\b(?:one (?:by|at a|after) |each (?:one )?(?:alone|separately)|separately|individually)", re.I
)
_ALL_TRUE = re.compile(
    r"^\W*(?:(?:yes|yeah|yep)\W+)?(?:all|everything|they(?:'re| are)? all|all of (?:it|them|that|this))\b"
    r"(?:\W+(?:is|are|of (?:it|them|that)|that|this))*\W*(?:true|correct|right|fine|good|yes|applies|apply|holds)?\W*$",
    re.I,
)


def asked_together(slots: Iterable[str], preferred: str | None) -> tuple[str, ...]:
    """Those of the `slots` to be asked that are asked as one list; none: each is asked alone.

    `preferred`: what the slot `together` says of how the customer would rather be asked.
    """
    listed = tuple(slot for slot in slots if slot in USUAL)
    return listed if len(listed) > 1 and preferred != ONE_BY_ONE else ()


def answered(
    text: str, listed: Iterable[str], said: bool | None, told: Mapping[str, Any], dont_know: bool
) -> dict[str, Any]:
    """The slots that an answer to the list fills; empty where it is none.

    `said`: a yes or no to the list, where there is one; `told`: the facts found in the answer. What is told counts;
    the rest holds by a plain yes, or by "all except …" beside a fact that was understood. A yes with more to it may be
    said of one fact only, so the others are asked. Where an exception was not
    understood, and after a no, each fact that is left is asked alone.
    """
    told = {name: value for name, value in told.items() if name in USUAL}
    usual = {name: USUAL[name] for name in listed}
    one_by_one = told | {SLOT: ONE_BY_ONE}
    exceptions = [name for name, value in told.items() if name in usual and value is not usual[name]]
    if dont_know or _ONE_BY_ONE.search(text):
        return one_by_one
    if _ALL_BUT.search(text) or (said is True and _EXCEPTS.search(text)):
        return usual | told if exceptions else one_by_one
    if (said is True and (is_yes_to_all_of_it(text) or set(usual) <= told.keys())) or _ALL_TRUE.match(text):
        return one_by_one if exceptions else usual | told
    if said is True:
        return one_by_one
    return one_by_one if said is False else {}
