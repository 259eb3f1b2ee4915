"""What is picked out of messages written by somebody who has seen neither the patterns nor the training sentences."""

from collections import Counter
from pathlib import Path

import yaml

from bot.nlu.span_finder import SpanFinder, load_patterns

MESSAGES = yaml.safe_load(Path(__file__).with_name("outside_messages.yml").read_text(encoding="utf-8"))


def test_what_is_found_is_there_and_most_of_what_is_there_is_found() -> None:
    finder, counts = SpanFinder(load_patterns()), Counter[str]()
    for message in MESSAGES:
        told = {(each["entity"], each["value"]) for each in message["entities"]}
        found = {(find.label, find.value) for find in finder.find(message["text"])}
        counts.update(right=len(told & found), wrong=len(found - told), missed=len(told - found))
    assert len(MESSAGES) == 400
    assert counts["right"] / (counts["right"] + counts["wrong"]) >= 0.98, counts
    assert counts["right"] / (counts["right"] + counts["missed"]) >= 0.95, counts
