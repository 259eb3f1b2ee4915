"""Copies of outside utterances are found however disguised, and what is too short to be anybody's is told apart."""

import random
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from nlu_evaluation.copies import Copy, find_copies
from nlu_evaluation.examples import Example
from nlu_evaluation.leaks import look_for_leaks
from nlu_evaluation.outside import Utterance
from nlu_evaluation.wording import SimilarWords, content_words, jaccard, normalised, without_numbers, words_of


def unlike(sentences: list[str]) -> NDArray[np.float32]:
    """Embeddings that see no two sentences alike."""
    vectors = [np.random.default_rng(crc32(sentence.encode())).normal(size=400) for sentence in sentences]
    return np.asarray([vector / np.linalg.norm(vector) for vector in vectors], dtype=np.float32)


def alike(sentences: list[str]) -> NDArray[np.float32]:
    """Embeddings that take every sentence for the same."""
    return np.ones((len(sentences), 1), dtype=np.float32)


def copies(ours: str, theirs: str, encode: object = unlike) -> list[Copy]:
    example, utterance = Example(Path("greet.yml"), 7, "greet", ours), Utterance("shop", 3, theirs, "greet")
    return find_copies([example], [utterance], encode)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Where's\tMY parcel?! ", "wheres my parcel"),
        ("Where\u2019s my parcel", "wheres my parcel"),
        ("e-mail_me \u2026 NOW", "e mail me now"),
        ("\uff28\uff29", "hi"),
        ("?!", ""),
    ],
)
def test_typing_habits_make_no_difference(text: str, plain: str) -> None:
    assert normalised(text) == plain


@pytest.mark.parametrize(
    "text",
    ["cancel order 64071", "Cancel order #AC-64071!", "cancel order 101-9876543-2109876.", "cancel order iw10482"],
)
def test_another_number_makes_no_other_sentence(text: str) -> None:
    assert without_numbers(text) == "cancel order 0"


def test_likeness_is_the_share_of_all_words_that_both_have() -> None:
    assert jaccard(words_of("where is my parcel"), words_of("Where is the parcel?")) == 3 / 5
    assert jaccard(words_of("a b"), words_of("c")) == 0
    assert jaccard(frozenset(), frozenset()) == 0


def test_content_words_say_what_it_is_about() -> None:
    assert content_words(words_of("hi, can you please tell me where order 4711 is")) == {"tell", "order"}


def test_similar_word_sets_are_found_as_if_all_had_been_compared() -> None:
    chance = random.Random(7)
    sets = [frozenset(chance.choices("abcdefghij", k=chance.randrange(1, 12))) for _ in range(300)]
    similar = SimilarWords(sets, 0.8)
    for words in sets:
        every = [(place, jaccard(words, other)) for place, other in enumerate(sets)]
        assert list(similar.to(words)) == [(place, index) for place, index in every if index >= 0.8]


def test_the_same_words_are_a_copy_in_any_dress() -> None:
    (copy,) = copies("My toaster stopped working!", "my toaster   stopped working")
    assert (copy.kind, copy.nearness, copy.unavoidable) == ("same words", 1.0, False)
    assert (copy.example.place, copy.utterance.row) == ("greet.yml:7", "shop:3")


def test_nearly_the_same_words_are_a_copy_from_four_words_on() -> None:
    (copy,) = copies("my toaster stopped working today", "today my new toaster stopped working")
    assert copy.kind == "nearly the same words"
    assert copy.nearness == pytest.approx(5 / 6)
    assert copies("toaster stopped working today", "my old toaster stopped working today") == []


def test_the_same_put_differently_is_a_copy_when_it_shares_a_word_that_says_something() -> None:
    (copy,) = copies("the toaster broke after a week", "a week on, this toaster is dead", alike)
    assert copy.kind == "the same put differently"
    assert copies("the toaster broke after a week", "my kettle died", alike) == []


@pytest.mark.parametrize("text", ["hello", "cancel order", "Cancel order 64071", "thanks, bye"])
def test_what_is_too_short_to_be_anybodys_is_unavoidable(text: str) -> None:
    assert [copy.unavoidable for copy in copies(text, text.upper())] == [True]


def test_marks_alone_are_no_copy() -> None:
    assert copies("???", "!!") == []


def test_only_what_is_there_is_compared() -> None:
    assert find_copies([], [Utterance("shop", 1, "hi there you", "greet")], unlike) == []
    assert find_copies([Example(Path("greet.yml"), 7, "greet", "hi there you")], [], unlike) == []


@pytest.mark.parametrize("show", [False, True])
def test_a_leak_is_told_with_its_place_and_without_the_outside_text_unless_asked(tmp_path: Path, show: bool) -> None:
    (tmp_path / "data").mkdir()
    written = "nlu:\n  - intent: greet\n    examples: |\n      - hello\n      - my toaster [hums] at night\n"
    (tmp_path / "data" / "greet.yml").write_text(written, encoding="utf-8")
    (tmp_path / "shop.tsv").write_text("HELLO\tgreet\nMy TOASTER hums at night\tgreet\n", encoding="utf-8")
    console = Console(record=True, width=200, file=(tmp_path / "out").open("w"))
    assert look_for_leaks(console, tmp_path / "data", tmp_path, show) is True
    told = console.export_text()
    assert "greet.yml:5: my toaster [hums] at night\n    same words (1.00) as shop:2" in told
    assert "Too short to be put otherwise:\n  greet.yml:4: hello" in told
    assert ("My TOASTER" in told) is show
    assert "1 of these stand in the training data (1 pairs); 1 pairs are too short" in told


def test_without_a_copy_there_is_no_leak(tmp_path: Path) -> None:
    (tmp_path / "greet.yml").write_text("nlu:\n  - intent: greet\n    examples: |\n      - hello\n", encoding="utf-8")
    (tmp_path / "shop.tsv").write_text("good morning to all of you\tgreet\n", encoding="utf-8")
    assert look_for_leaks(Console(file=(tmp_path / "out").open("w")), tmp_path, tmp_path, show=True) is False
