"""The figures of the report, worked out by hand."""

from pathlib import Path

import pytest

from nlu_evaluation.measured import Measured
from nlu_evaluation.outside import OutsideSetError, Utterance, read_sets
from nlu_evaluation.pipeline import Heard
from nlu_evaluation.report import Findings, OnSets, table, write_report
from nlu_evaluation.scores import (
    THRESHOLDS,
    accuracy,
    calibration_error,
    confusion_shares,
    confusions,
    macro_f1,
    reliability,
    score_intents,
    score_set,
    taken_for,
    threshold_curve,
)

EXPECTED = ["greet", "greet", "greet", "deny", "deny", "stop"]
GOT = ["greet", "greet", "deny", "deny", "goodbye", "deny"]
INTENTS = ("greet", "deny", "track_order", "missing_order", "out_of_scope")


def row(text: str, intent: str, *accepted: str) -> Utterance:
    return Utterance("shop", 1, text, intent, frozenset(accepted))


def test_each_intent_has_precision_recall_and_f1() -> None:
    deny, greet, stop = score_intents(EXPECTED, GOT)
    assert (deny.intent, deny.support) == ("deny", 2)
    assert (deny.precision, deny.recall, deny.f1) == pytest.approx((1 / 3, 1 / 2, 2 / 5))
    assert (greet.precision, greet.recall, greet.f1, greet.support) == pytest.approx((1, 2 / 3, 4 / 5, 3))
    assert (stop.precision, stop.recall, stop.f1, stop.support) == (0, 0, 0, 1)


def test_every_intent_counts_the_same_in_the_macro_f1() -> None:
    assert macro_f1(score_intents(EXPECTED, GOT)) == pytest.approx((0.4 + 0.8 + 0) / 3)
    assert accuracy(EXPECTED, GOT) == pytest.approx(3 / 6)


def test_mistakes_are_counted_by_what_was_heard_instead() -> None:
    assert confusions(["a", "a", "b", "a"], ["b", "b", "a", "a"], 1) == [("a", "b", 2)]


def test_a_row_of_the_confusion_matrix_is_one_intents_shares() -> None:
    intents, shares = confusion_shares(EXPECTED, GOT)
    assert intents == ["deny", "goodbye", "greet", "stop"]
    assert shares.tolist()[0] == [0.5, 0.5, 0, 0]
    assert shares.tolist()[1] == [0, 0, 0, 0]  # never expected
    assert shares.sum() == pytest.approx(3)


@pytest.mark.parametrize(
    ("heard", "counts_as"),
    [
        ("track_order", "track_order"),
        ("missing_order", "track_order"),
        ("deny", "deny"),
        ("nlu_fallback", "out_of_scope"),
    ],
)
def test_an_acceptable_intent_counts_as_the_label(heard: str, counts_as: str) -> None:
    assert taken_for(row("where is it", "track_order", "missing_order"), heard) == counts_as


def test_a_set_is_scored_strictly_leniently_in_scope_and_for_noticing_what_is_not() -> None:
    rows = [
        row("hi", "greet"),
        row("where is it", "track_order", "missing_order"),
        row("no", "deny", "out_of_scope"),
        row("sing", "out_of_scope"),
        row("cook", "out_of_scope", "greet"),
        row("dance", "out_of_scope"),
        row("bye", "greet"),
    ]
    got = ["greet", "missing_order", "nlu_fallback", "out_of_scope", "greet", "track_order", "nlu_fallback"]
    score = score_set("shop", rows, got)
    assert (score.name, score.rows) == ("shop", 7)
    assert score.strict == pytest.approx(2 / 7)
    assert score.lenient == pytest.approx(5 / 7)
    assert score.in_scope == pytest.approx(3 / 4)
    # Noticed: sing. Wrongly: bye; the fallback on "no" was acceptable. Missed: dance; "cook" was acceptably a greeting.
    assert score.oos_precision == pytest.approx(1 / 2)
    assert score.oos_recall == pytest.approx(1 / 2)


def test_a_share_of_nothing_is_no_share() -> None:
    assert score_set("shop", [row("hi", "greet")], ["greet"]).oos_recall is None
    assert score_set("shop", [row("sing", "out_of_scope")], ["greet"]).in_scope is None


def test_a_higher_threshold_answers_less() -> None:
    points = threshold_curve([0.2, 0.5, 0.9, 0.4], [False, True, True, False])
    curve = {threshold: rest for threshold, *rest in points}
    assert list(curve) == list(THRESHOLDS)
    assert curve[0.0] == [1.0, 0.5]
    assert curve[0.3] == [0.75, pytest.approx(2 / 3)]
    assert curve[0.5] == [0.5, 1.0]
    assert curve[0.95] == [0.0, None]


def test_reliability_sets_confidence_against_what_was_right() -> None:
    low, high = reliability([0.12, 0.18, 0.95, 1.0], [True, False, True, True])
    assert (low.confidence, low.right, low.count) == pytest.approx((0.15, 0.5, 2))
    assert (high.confidence, high.right, high.count) == pytest.approx((0.975, 1.0, 2))
    assert calibration_error([low, high]) == pytest.approx((0.35 * 2 + 0.025 * 2) / 4)


def test_a_table_has_its_figures_to_the_right() -> None:
    assert table(["intent", "F1"], [["greet", "0.500"]]) == "| intent | F1 |\n| --- | ---: |\n| greet | 0.500 |"


def test_sets_are_read_with_their_labels_and_what_else_is_acceptable(tmp_path: Path) -> None:
    told = 'where is "it"\ttrack_order\tmissing_order, deny\r\n\nhi\tgreet\n'
    (tmp_path / "shop.tsv").write_text(told, encoding="utf-8", newline="")
    (tmp_path / "README.md").write_text("no set", encoding="utf-8")
    first, second = read_sets(tmp_path, INTENTS)["shop"]
    assert (first.text, first.intent, first.accepted) == ('where is "it"', "track_order", {"missing_order", "deny"})
    assert (second.row, second.accepted) == ("shop:3", frozenset())
    assert read_sets(tmp_path / "shop.tsv", INTENTS)["shop"] == [first, second]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (b"hi\tgreet\nhello\n", "line 2: '' is no intent"),
        (b"hi\thowdy\n", "line 1: 'howdy' is no intent"),
        (b"hi\tgreet\thowdy\n", "line 1: 'howdy' is no intent"),
        (b"\n", "holds no utterance"),
        (b"\xff\tgreet\n", "not UTF-8"),
    ],
)
def test_a_set_that_cannot_be_read_says_where(tmp_path: Path, told: bytes, message: str) -> None:
    (tmp_path / "shop.tsv").write_bytes(told)
    with pytest.raises(OutsideSetError, match=message):
        read_sets(tmp_path, INTENTS)


def test_a_folder_without_sets_says_so(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(OutsideSetError, match=r"No sets in .*\.tsv"):
            read_sets(place, INTENTS)


def test_the_report_holds_every_table_and_picture(tmp_path: Path) -> None:
    heard = [Heard(intent, 0.3 * (place % 3), 0.1, fell_back=place == 0) for place, intent in enumerate(GOT)]
    rows = [row("x", intent) for intent in EXPECTED]
    outside = [
        OnSets([score_set("shop", rows, [each.answered for each in heard])], Measured.of_utterances(name, rows, heard))
        for name in ("as shipped", "another")
    ]
    findings = Findings(Measured.of_examples("cross-validation", EXPECTED, heard), 0.35, outside)
    told = write_report(tmp_path / "new" / "report", findings).read_text(encoding="utf-8")
    assert "**macro-F1 0.400**" in told
    assert "| greet | 1.000 | 0.667 | 0.800 | 3 |" in told
    # The first greeting fell back.
    assert "| greet | 1.000 | 0.333 | 0.500 | 1.000 | 0.333 | 0.500 | 3 |" in told
    assert "| shop | 6 | another | 0.333 | 0.333 | 0.333 | 0.000 | - |" in told
    for picture in ("confusion-cross-validation", "confusion-outside", "reliability", "fallback"):
        assert f"({picture}.png)" in told
        assert (tmp_path / "new" / "report" / f"{picture}.png").read_bytes().startswith(b"\x89PNG")


def test_without_outside_sets_the_report_is_of_cross_validation_alone(tmp_path: Path) -> None:
    measured = Measured.of_examples("cross-validation", EXPECTED, [Heard(intent, 0.5, 0.1, False) for intent in GOT])
    told = write_report(tmp_path, Findings(measured, None)).read_text(encoding="utf-8")
    assert "outside" not in told
    assert "Configured: none" in told
