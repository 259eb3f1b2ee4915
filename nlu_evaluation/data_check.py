"""What the training data must not hold: pure, each rule a function from examples to sentences about what is wrong."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from nlu_evaluation.examples import Example
from nlu_evaluation.wording import normalised

if TYPE_CHECKING:
    from bot.nlu.characters import Find

LEAST_EXAMPLES = 60
LONGEST = 400
RESERVED_DOMAINS = ("example.com", "example.net", "example.org", "example", "test", "invalid")
# Numbers that ring nowhere: North America's 555-01xx, Ofcom's and the Bundesnetzagentur's ones for drama.
RESERVED_PHONES = re.compile(r"(?:\+?1)?(?:\d{3})?55501\d\d|(?:\+44|0)2079460\d{3}|(?:\+49|0)3023125\d{3}")
ADDRESS = re.compile(r"[\w.+-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)")


def duplicates(examples: Sequence[Example]) -> list[str]:
    """Examples of one intent that differ in case, punctuation or blanks alone."""
    return [
        f"{again.place} repeats {first.place}: {again.text}"
        for first, *others in _alike(examples)
        for again in others
        if again.intent == first.intent
    ]


def contradictions(examples: Sequence[Example]) -> list[str]:
    """The same sentence under two intents."""
    return [
        f"{other.place} ({other.intent}) contradicts {first.place} ({first.intent}): {other.text}"
        for first, *others in _alike(examples)
        for other in others
        if other.intent != first.intent
    ]


def too_few(examples: Sequence[Example], intents: Iterable[str]) -> list[str]:
    """Intents, of all that there are, with too few examples to learn from."""
    counts = Counter(example.intent for example in examples)
    return [
        f"{intent} has {counts[intent]} examples, at least {LEAST_EXAMPLES} are needed"
        for intent in sorted(intents)
        if counts[intent] < LEAST_EXAMPLES
    ]


def too_long(examples: Sequence[Example]) -> list[str]:
    """Sentences nobody types into a chat."""
    return [
        f"{each.place} has {len(each.text)} characters, at most {LONGEST} are wanted: {each.text[:60]}…"
        for each in examples
        if len(each.text) > LONGEST
    ]


def misplaced(examples: Sequence[Example]) -> list[str]:
    """Examples in a file that is not named for their intent."""
    return [
        f"{file} holds examples of {intent}; they belong into {intent}.yml"
        for file, intent in sorted({(each.file.name, each.intent) for each in examples})
        if file != f"{intent}.yml"
    ]


def reachable(examples: Sequence[Example], find: Callable[[str], list[Find]]) -> list[str]:
    """Phones and e-mail addresses that may be somebody's; `find` is the bot's own finder of them."""
    wrong = []
    for each in examples:
        phones = [found.value for found in find(each.text) if found.label == "phone"]
        wrong += [f"{each.place}: phone {phone} is not a reserved one" for phone in phones if not _rings_nowhere(phone)]
        for address in ADDRESS.finditer(each.text):
            domain = address["domain"].casefold()
            if not any(domain == free or domain.endswith(f".{free}") for free in RESERVED_DOMAINS):
                wrong.append(f"{each.place}: {address[0]} is not an example address (example.com, .net, .org)")
    return wrong


def _rings_nowhere(phone: str) -> bool:
    return RESERVED_PHONES.fullmatch(phone) is not None


def _alike(examples: Sequence[Example]) -> list[list[Example]]:
    alike: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        # A sentence of marks alone ("???") is compared as it is.
        alike[normalised(example.text) or example.text].append(example)
    return [each for each in alike.values() if len(each) > 1]
