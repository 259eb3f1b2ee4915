"""Telling that a message is not English: in few words, and never of English with mistakes in it."""

from pathlib import Path

import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language_finder import LanguageFinder
from bot.nlu.languages import ENGLISH, TOLD_APART, UNDETERMINED, english_words, foreign_language
from nlu_evaluation.examples import read_examples

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [example.text for example in read_examples(ROOT / "bot" / "data" / "nlu")]
KNOWN = english_words(TEXTS)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Guten Tag, mein Paket ist seit Wochen unterwegs", "de"),
        ("el hervidor que compré llegó roto", "es"),
        ("je voudrais renvoyer ma lampe IW-10471, mira.falk@example.com", "fr"),
        ("vorrei restituire la lampada", "it"),
        ("ik wil mijn geld terug", "nl"),
        ("我想退货", "zh"),
        ("Здравствуйте, мой заказ ещё не пришёл", "ru"),
        ("أريد إرجاع المصباح", "ar"),
        ("ランプが壊れています", "ja"),
    ],
)
def test_a_foreign_sentence_is_told_from_its_words_alone(text: str, language: str) -> None:
    assert foreign_language(text, KNOWN) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂🙂",
        "IW-10471",
        "mira.falk@example.com",
        "ok",
        "non",
        "i not receive nothing, pls to check",
        "wher is my ordr, its lait",
        "KETTLE KAPUTT!!! refund plz",
        "my name is François Müller",
        "got socks but ordered a clock",
    ],
)
def test_english_with_mistakes_and_what_is_no_sentence_are_not_foreign(text: str) -> None:
    assert foreign_language(text, KNOWN) is None


@pytest.mark.parametrize("text", ["สินค้าเสีย", "δεν ήρθε η παραγγελία"])
def test_a_script_nobody_told_apart_is_foreign_and_not_guessed_at(text: str) -> None:
    assert foreign_language(text, KNOWN) == UNDETERMINED


def test_hardly_an_english_sentence_is_taken_for_a_foreign_one() -> None:
    """Some of the training sentences are foreign: those are the ones to be found."""
    found = [text for text in TEXTS if foreign_language(text, KNOWN)]
    assert len(found) < 0.012 * len(TEXTS)


def test_a_word_has_to_be_common_to_count_as_english() -> None:
    assert english_words(["where is it"] * 8 + ["wo ist es"]) == {"where", "is", "it"}


def test_the_component_notes_it_on_the_message_and_keeps_the_words_it_learnt(tmp_path: Path) -> None:
    told = (LocalModelStorage(tmp_path), Resource("languages"))
    context = ExecutionContext(GraphSchema({}), node_name="languages")
    examples = [Message({TEXT: f"ich habe nur eine Frage {number}", INTENT: "help"}) for number in range(8)]
    LanguageFinder.create({}, *told, context).train(TrainingData(examples))
    finder = LanguageFinder.load({}, *told, context)
    foreign, learnt, pressed = finder.process(
        [Message({TEXT: text}) for text in ("wo ist denn mein Paket", "ich habe nur eine Frage", "/wo_ist_es")]
    )
    assert foreign.as_dict_nlu()["language"] == "de"
    assert learnt.get("language") is pressed.get("language") is None


def test_each_language_that_is_told_apart_has_its_sentence() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    assert {name for name in TOLD_APART if f"utter_other_language_{name}" not in responses} == {ENGLISH}
    assert f"utter_other_language_{UNDETERMINED}" not in responses
