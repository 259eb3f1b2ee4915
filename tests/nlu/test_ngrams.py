"""N-grams: which a sentence has, which are known, and what they are worth."""

import numpy as np
import pytest

from bot.nlu.ngrams import Vocabulary, character_ngrams, word_ngrams


def test_words_and_neighbours_are_found_in_lower_case() -> None:
    assert word_ngrams("Where IS it?") == {"where", "is", "it", "where is", "is it"}


def test_characters_stay_within_a_word_and_know_its_edges() -> None:
    assert character_ngrams("Is it") == {" is", "is ", " is ", " it", "it ", " it "}
    assert character_ngrams("a") == {" a "}


@pytest.mark.parametrize("text", ["", " \n\t", "?!", "\u00a0"])
def test_nothing_said_is_nothing_known(text: str) -> None:
    places, values = Vocabulary.of(["where is it"], 1).features(text)
    assert len(places) == len(values) == 0


def test_both_kinds_weigh_the_same_and_repeating_adds_nothing() -> None:
    vocabulary = Vocabulary.of(["where is my lamp", "no"], 1)
    _, values = vocabulary.features("where is my lamp")
    assert float(values @ values) == pytest.approx(1)
    assert set(vocabulary.features("no no no")[0]) == set(vocabulary.features("no")[0])


def test_strange_words_leave_the_known_ones_their_weight() -> None:
    vocabulary = Vocabulary.of(["lamp"], 1)
    assert np.array_equal(vocabulary.features("lamp")[1], vocabulary.features("lamp zzz")[1])


def test_a_typo_shares_characters_and_no_word() -> None:
    vocabulary = Vocabulary.of(["refund"], 1)
    words = {0}  # the one word comes first
    assert words < set(vocabulary.features("refund")[0])
    assert set(vocabulary.features("refnud")[0]).isdisjoint(words)
    assert len(vocabulary.features("refnud")[0])


def test_what_too_few_examples_hold_is_left_out() -> None:
    vocabulary = Vocabulary.of(["my lamp", "my lamp", "my kettle"], 2)
    assert vocabulary.ngrams[0] == ["lamp", "my", "my lamp"]


def test_the_matrix_has_each_sentences_features() -> None:
    texts = ["where is it", "zzz", "no"]
    vocabulary = Vocabulary.of(["where is it", "no"], 1)
    matrix = vocabulary.matrix(texts)
    assert matrix.shape == (3, len(vocabulary))
    for row, text in enumerate(texts):
        places, values = vocabulary.features(text)
        assert np.allclose(matrix[row].toarray()[0, places], values)
        assert matrix[row].nnz == len(places)
    assert vocabulary.matrix([]).shape == (0, len(vocabulary))
