"""The training data: what it must not hold, rule by rule, and that it holds none of it. No model is needed."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.nlu.bare_words import bare
from bot.nlu.characters import Find, find_characters, read_rules
from bot.nlu.span_finder import load_patterns
from nlu_evaluation import data_check
from nlu_evaluation.examples import Example, UnreadableExamplesError, read_examples

ROOT = Path(__file__).resolve().parents[2]
# Only ever chosen with a button, never learnt from text.
BY_BUTTON = frozenset({"choose", "repair_quote"})


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_examples(ROOT / "bot" / "data" / "nlu")


def finds(text: str) -> list[Find]:
    return find_characters(read_rules(load_patterns()), text)


def said(*texts: str, intent: str = "greet", file: str = "greet.yml") -> list[Example]:
    return [Example(Path(file), line, intent, text) for line, text in enumerate(texts, 5)]


def test_no_example_stands_twice(examples: list[Example]) -> None:
    assert data_check.duplicates(examples) == []


def test_no_sentence_stands_under_two_intents(examples: list[Example]) -> None:
    assert data_check.contradictions(examples) == []


def test_nor_does_one_once_the_numbers_and_addresses_in_it_are_left_out(examples: list[Example]) -> None:
    # The classifier hears "no, AC-10482" as "no".
    heard = [replace(example, text=bare(example.text)) for example in examples]
    assert data_check.contradictions(heard) == []


def test_every_intent_has_enough_examples(examples: list[Example]) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(intent)) if isinstance(intent, dict) else intent for intent in domain["intents"]}
    assert {example.intent for example in examples} <= intents
    assert data_check.too_few(examples, intents - BY_BUTTON) == []


def test_no_phone_or_address_may_be_somebodys(examples: list[Example]) -> None:
    rules = read_rules(load_patterns())
    assert data_check.reachable(examples, lambda text: find_characters(rules, text)) == []


def test_no_sentence_is_longer_than_anybody_types(examples: list[Example]) -> None:
    assert data_check.too_long(examples) == []


def test_every_file_is_named_for_its_intent(examples: list[Example]) -> None:
    assert data_check.misplaced(examples) == []


def test_case_punctuation_and_blanks_make_no_other_sentence() -> None:
    assert data_check.duplicates(said("Where's my parcel?", "wheres  MY parcel", "where is it", "??", "!!")) == [
        "greet.yml:6 repeats greet.yml:5: wheres  MY parcel"
    ]


def test_a_contradiction_names_both_places() -> None:
    both = said("No thanks!") + said("no thanks", intent="deny", file="deny.yml")
    assert data_check.contradictions(both) == ["deny.yml:5 (deny) contradicts greet.yml:5 (greet): no thanks"]
    assert data_check.duplicates(both) == []


def test_an_intent_of_fifty_nine_examples_or_none_has_too_few() -> None:
    examples = said(*(f"hi {number}" for number in range(60))) + said(*map(str, range(59)), intent="deny")
    assert data_check.too_few(examples, {"greet", "deny", "stop"}) == [
        "deny has 59 examples, at least 60 are needed",
        "stop has 0 examples, at least 60 are needed",
    ]


def test_a_sentence_may_have_four_hundred_characters_and_no_more() -> None:
    assert data_check.too_long(said("x" * 400)) == []
    assert data_check.too_long(said("x" * 401))[0].startswith("greet.yml:5 has 401 characters")


def test_an_example_in_another_intents_file_is_misplaced() -> None:
    assert data_check.misplaced(said("hi", intent="greet", file="goodbye.yml")) == [
        "goodbye.yml holds examples of greet; they belong into greet.yml"
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("call +1 555 0142", "my phone is (212) 555-0187", "+44 20 7946 0711", "020 7946 0000", "+49 30 23125 556"),
        *("030 23125 440", "0049 30 23125 001", "mail a.b+c@example.com.", "x@shop.example.org", "order 10482"),
    ],
)
def test_reserved_numbers_and_example_addresses_are_fine(text: str) -> None:
    assert data_check.reachable(said(text), finds) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("call +1 212 867 5309", "+12128675309"),
        ("my mobile is 07911 123456", "07911123456"),
        ("+49 30 901820", "+4930901820"),
        ("write to me@examples.com", "me@examples.com"),
        ("me@example.co.uk is mine", "me@example.co.uk"),
    ],
)
def test_a_number_or_address_that_may_be_somebodys_is_told(text: str, told: str) -> None:
    wrong = data_check.reachable(said(text), finds)
    assert len(wrong) == 1
    assert wrong[0].startswith("greet.yml:5: ")
    assert told in wrong[0]


def test_examples_are_read_with_their_lines(tmp_path: Path) -> None:
    greet = '  - intent: greet\n    examples: |\n      - hi: you\n\n      - "hello" - there \n'
    synonym = "  - synonym: lamp\n    examples: |\n      - light\n"
    (tmp_path / "greet.yml").write_text(f'# why\nversion: "3.1"\nnlu:\n{greet}{synonym}', encoding="utf-8")
    read = read_examples(tmp_path)
    assert [(e.place, e.intent, e.text) for e in read] == [
        ("greet.yml:6", "greet", "hi: you"),
        ("greet.yml:8", "greet", '"hello" - there'),
    ]


@pytest.mark.parametrize(
    "written",
    [
        *("", "nlu: [", "nlu: none", "nlu:\n  - intent: greet\n", "nlu:\n  - intent: greet\n    examples: [hi]\n"),
        *("nlu:\n  - intent: greet\n    examples: '- hi'\n", "nlu:\n  - intent: greet\n    examples: |\n      hi\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, written: str) -> None:
    (tmp_path / "greet.yml").write_text(written, encoding="utf-8")
    with pytest.raises(UnreadableExamplesError, match=r"greet\.yml|empty"):
        read_examples(tmp_path)
