"""Reads the `characters` of the patterns: numbers, addresses and days, found by their look."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.carriers import is_parcel_number
from bot.nlu.check_character import printed_number
from bot.nlu.order_patterns import OrderPattern, written_by
from bot.nlu.phrases import PatternError


@dataclass(frozen=True)
class Find:
    """A stretch of a message: `label` and `value` as the patterns say, text[start:end] as it was written."""

    label: str
    value: str
    start: int
    end: int


def _as_written(text: str) -> str:
    return text


def _order(text: str) -> str:
    """Capitals, hyphens for blanks, and one between letters and digits: "iw 10482" and "iw10482" are IW-10482."""
    told = re.sub(r"\s+", "-", text.strip().upper())
    return re.sub(r"^([A-Z]+)(\d+)$", r"\1-\2", told)


def _phone(text: str) -> str:
    """Digits, with a leading + for an international number (00 counts as one)."""
    digits = re.sub(r"\D", "", text)
    if text.lstrip("( ").startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _compact(text: str) -> str:
    return re.sub(r"[\s-]", "", text.upper())


FORMS: dict[str, Callable[[str], str]] = {
    "as_written": _as_written,
    "lower": str.lower,
    "order": _order,
    "phone": _phone,
    "compact": _compact,
}
DIGIT = re.compile(r"\d")
# What is not looked for where no digit stands.
OF_DIGITS = frozenset(("order_number", "tracking_number", "phone"))
# Our own numbers, told from slips of the pen by their check character.
PREFIXES = {"rma_number": "RMA", "dispute_number": "DSP", "ticket_number": "TKT"}
REPEAT = re.compile(r"\s{0,2}(?:,|and|&|or|\+|/)\s{0,2}#?(?P<value>(?:[a-z]{1,5}-)?\d{4,20})(?!\w|-\w|[.,]\d)", re.I)


@dataclass(frozen=True)
class CharacterRule:
    """One entry of `characters`: what it claims, and what it finds if it has a label."""

    label: str | None
    regex: re.Pattern[str]
    form: Callable[[str], str]
    repeats: bool
    checked: bool


def read_rules(patterns: dict[str, Any], order_numbers: Sequence[str] = ()) -> list[CharacterRule]:
    """The rules of the loaded patterns, in order; where it says so, those of the patterns `order_numbers`.

    Raises:
        PatternError: a form or fragment that does not exist, or an expression that does not compile.
    """
    rules = []
    fragments: dict[str, str] = patterns["fragments"]
    told = [OrderPattern.of(pattern) for pattern in order_numbers]
    for entry in patterns["characters"]:
        if "shop_numbers" in entry:
            has_letters = entry["shop_numbers"] == "with_letters"
            chosen = [pattern for pattern in told if pattern.has_letters == has_letters]
            if not chosen:
                continue
            shapes = "|".join(pattern.expression for pattern in chosen)
            entry = {**entry, "regex": entry["regex"].replace("{shop_number}", f"(?:{shapes})")}
        source = re.sub(r"\{([a-z_]+)\}", lambda name: _fragment(fragments, name[1]), entry["regex"])
        try:
            regex = re.compile(source, re.IGNORECASE)
        except re.error as problem:
            raise PatternError(f"bot/nlu/patterns: {entry['regex']!r} does not compile: {problem}") from None
        form = entry.get("form", "as_written")
        if form not in FORMS:
            raise PatternError(f"bot/nlu/patterns: no form {form!r}; there are {sorted(FORMS)}")
        write = written_by(chosen) if "shop_numbers" in entry else FORMS[form]
        rules.append(
            CharacterRule(
                entry.get("label"), regex, write, entry.get("repeats") == "true", entry.get("checked") == "true"
            )
        )
    return rules


def _fragment(fragments: dict[str, str], name: str) -> str:
    if name not in fragments:
        raise PatternError(f"bot/nlu/patterns: no fragment {{{name}}}; there are {sorted(fragments)}")
    return fragments[name]


def find_characters(rules: list[CharacterRule], text: str) -> list[Find]:
    """What the rules find in `text`, in the order it stands there; an earlier rule's stretch is its own."""
    claimed: list[tuple[int, int]] = []
    finds: list[Find] = []
    has_digits = DIGIT.search(text) is not None
    for rule in rules:
        if not has_digits and rule.label in OF_DIGITS:
            continue
        for match in rule.regex.finditer(text):
            first, last = match.span(_found_group(match))
            if any(first < end and start < last for start, end in claimed):
                continue
            if rule.checked and not is_parcel_number(rule.form(match[_found_group(match)])):
                continue
            claimed.append(match.span())
            if rule.label is None:
                continue
            if (find := _find(rule, match)) is None:
                continue
            finds.append(find)
            following = REPEAT.match(text, match.end()) if rule.repeats else None
            while following is not None:
                claimed.append(following.span())
                finds += filter(None, [_find(rule, following)])
                following = REPEAT.match(text, following.end())
    return sorted(finds, key=lambda find: find.start)


def _find(rule: CharacterRule, match: re.Match[str]) -> Find | None:
    group = _found_group(match)
    label = str(rule.label)
    if label not in PREFIXES:
        return Find(label, rule.form(match[group]), match.start(group), match.end(group))
    value = printed_number(PREFIXES[label], match[group])
    # Our own numbers are shown whole, prefix and all.
    return None if value is None else Find(label, value, match.start(), match.end(group))


def _found_group(match: re.Match[str]) -> str | int:
    return "value" if "value" in match.re.groupindex else 0
