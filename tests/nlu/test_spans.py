"""What SpanExtractor finds, sentence by sentence (spans.yml), and that it stays quick on anything pasted."""

import time
from pathlib import Path

import pytest
import yaml

from bot.nlu.characters import read_rules
from bot.nlu.phrases import PatternError, PhraseFinder
from bot.nlu.span_finder import SpanFinder, load_patterns

GROUPS = yaml.load(Path(__file__).with_name("spans.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
SENTENCES = [(text, expected) for cases in GROUPS.values() for text, expected in cases.items()]


@pytest.fixture(scope="module")
def finder() -> SpanFinder:
    return SpanFinder(load_patterns())


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text[:60] or "empty" for text, _ in SENTENCES])
def test_a_sentence_yields_what_it_says_and_nothing_else(finder: SpanFinder, text: str, expected: list[str]) -> None:
    assert sorted(f"{find.label} {find.value}" for find in finder.find(text)) == sorted(expected)


def test_offsets_point_into_the_message_as_it_was_typed(finder: SpanFinder) -> None:
    text = "Hi,   order\u00a0AC-10482 \t didn\u2019t arrive \n see  jo@example.com"
    found = {find.label: text[find.start : find.end] for find in finder.find(text)}
    assert found == {"order_number": "AC-10482", "reason": "didn\u2019t arrive", "email": "jo@example.com"}


PASTED = {
    "a word": "a" * 20000,
    "a number": "1" * 20000,
    "dashes": "1-" * 10000,
    "blanks": " " * 20000,
    "half addresses": "a@" * 10000,
    "half numbers": "rma " * 5000,
    "denials": "not " * 5000,
    "half phones": "+1 (" * 5000,
    "order number": "order number " * 2000,
    "arrived": "it arrived " * 2000,
    "dots": "a." * 10000,
    "digits and dots": "1." * 10000,
    "brackets": "[" * 20000,
    "mixed brackets": "[(" * 10000,
    "tracking number": "tracking number is " * 1500,
}


@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED.keys())
def test_whatever_is_pasted_is_read_within_a_second(finder: SpanFinder, pasted: str) -> None:
    started = time.process_time()
    finder.find(pasted)
    assert time.process_time() - started < 1


def test_a_word_list_that_does_not_exist_is_named() -> None:
    patterns = load_patterns()
    patterns["phrases"][0]["any"] = ["<nobody> came"]
    with pytest.raises(PatternError, match="no list <nobody>"):
        PhraseFinder(patterns)


def test_a_list_of_two_files_is_named_and_so_is_a_file_without_sections(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("lists: {it: [it], not: [not]}\nphrases: [{id: a}]")
    (tmp_path / "two.yml").write_text("lists: {my: [my]}\nphrases: [{id: b}]")
    together = {"lists": {"it": ["it"], "not": ["not"], "my": ["my"]}, "phrases": [{"id": "a"}, {"id": "b"}]}
    assert load_patterns(tmp_path) == together
    (tmp_path / "two.yml").write_text("lists: {my: [my], not: [nt]}")
    with pytest.raises(PatternError, match=r"two\.yml has not of lists a second time"):
        load_patterns(tmp_path)
    (tmp_path / "two.yml").write_text("# nothing yet")
    with pytest.raises(PatternError, match=r"two\.yml has no sections"):
        load_patterns(tmp_path)


def test_a_phrase_word_that_is_two_words_is_refused() -> None:
    patterns = load_patterns()
    patterns["phrases"][0]["any"] = ["didn't work"]
    with pytest.raises(PatternError, match="more than one word"):
        PhraseFinder(patterns)


def test_an_expression_that_does_not_compile_is_quoted() -> None:
    patterns = load_patterns()
    patterns["characters"] = [{"label": "email", "regex": "("}]
    with pytest.raises(PatternError, match="does not compile"):
        read_rules(patterns)


def test_every_reason_and_fact_is_one_the_policies_know() -> None:
    reasons = {entry["id"] for entry in load_patterns()["phrases"] if entry["label"] == "reason"}
    facts = {fact for e in load_patterns()["phrases"] if e["label"] == "fact" for fact in e["id"].split()}
    assert reasons == {
        "change_of_mind", "ordered_wrong", "defective", "damaged", "not_as_described", "wrong_item", "missing_parts",
        "not_received", "returned_by_customs", "out_of_stock", "software_upgrade",
    }  # fmt: skip
    causes = {
        "collision", "burn_out", "modification", "foreign_matter", "wrong_installation", "misuse", "force_majeure",
    }  # fmt: skip
    flags = ("proof", "complete", "activated", "resalable", "caused_by_customer", "labels_intact")
    told = {f"cause={c}" for c in causes} | {f"{flag}={v}" for flag in flags for v in ("true", "false")}
    assert facts == told | {"photos=0"}
