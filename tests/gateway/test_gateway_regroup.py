"""Rasa's loose items become replies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.regroup import Button, NonsenseError, Reply, regroup

TEXT = {"recipient_id": "c", "text": "Your item can go back."}
VERDICT = {"recipient_id": "c", "custom": {"v": 1, "kind": "verdict"}}
MORE = {"recipient_id": "c", "custom": {"v": 1, "kind": "verdict", "more": True}}
JUST_MORE = {"recipient_id": "c", "custom": {"more": True}}
BUTTONS = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
QUESTION = {"recipient_id": "c", "text": "Shall I?", "buttons": BUTTONS}
YES_OR_NO = (Button("Yes", "/affirm"), Button("No", "/deny"))
VERDICT_TOLD = {"v": 1, "kind": "verdict"}


@pytest.mark.parametrize(
    ("items", "replies"),
    [
        pytest.param([TEXT], [Reply("Your item can go back.")], id="one text"),
        pytest.param([TEXT, TEXT], [Reply("Your item can go back.")] * 2, id="two texts are two replies"),
        pytest.param(
            [TEXT, VERDICT],
            [Reply("Your item can go back.", (), VERDICT_TOLD)],
            id="a custom belongs to the text before it",
        ),
        pytest.param(
            [TEXT, VERDICT, VERDICT],
            [Reply("Your item can go back.", (), VERDICT_TOLD), Reply("", (), VERDICT_TOLD)],
            id="a second custom is a reply of its own",
        ),
        pytest.param([VERDICT], [Reply("", (), VERDICT_TOLD)], id="a custom that comes first is a reply of its own"),
        pytest.param(
            [VERDICT, TEXT],
            [Reply("", (), VERDICT_TOLD), Reply("Your item can go back.")],
            id="a custom never belongs to the text after it",
        ),
        pytest.param(
            [TEXT, MORE, QUESTION, {"custom": {"v": 1, "kind": "question", "asks": "confirm"}}],
            [
                Reply("Your item can go back.", (), VERDICT_TOLD),
                Reply("Shall I?", YES_OR_NO, {"v": 1, "kind": "question", "asks": "confirm"}),
            ],
            id="a verdict and the question after it are two, and more is internal",
        ),
        pytest.param(
            [TEXT, JUST_MORE, TEXT],
            [Reply("Your item can go back.")] * 2,
            id="a custom that only says more leaves none",
        ),
        pytest.param(
            [{"text": "One", "custom": {"v": 1, "kind": "order"}}],
            [Reply("One", (), {"v": 1, "kind": "order"})],
            id="text and custom in one item",
        ),
        pytest.param([{"text": "One", "buttons": None}], [Reply("One")], id="buttons may be null"),
        pytest.param([{"text": ""}, TEXT], [Reply("Your item can go back.")], id="an empty text is no reply"),
    ],
)
def test_items_become_replies(items, replies):
    answer = regroup(items)
    assert answer.replies == replies
    assert answer.ended


@pytest.mark.parametrize(
    ("items", "replies"),
    [
        pytest.param([], [], id="nothing came"),
        pytest.param([TEXT, MORE], [Reply("Your item can go back.", (), VERDICT_TOLD)], id="more was announced"),
        pytest.param([TEXT, JUST_MORE], [Reply("Your item can go back.")], id="only more was announced"),
        pytest.param([JUST_MORE], [], id="nothing but an announcement"),
        pytest.param([{"text": ""}], [], id="nothing but an empty text"),
    ],
)
def test_a_turn_whose_last_reply_is_missing_broke_off(items, replies):
    answer = regroup(items)
    assert answer.replies == replies
    assert not answer.ended


@pytest.mark.parametrize(
    "items",
    [
        pytest.param({"text": "Hello"}, id="no list"),
        pytest.param(None, id="null"),
        pytest.param([TEXT, "Hello"], id="an item that is no object"),
        pytest.param([TEXT, {"recipient_id": "c"}], id="an item that says nothing"),
        pytest.param([TEXT, {"image": "https://example.com/x.png"}], id="an item of a kind the bot never sends"),
        pytest.param([TEXT, {"text": 5}], id="a text that is none"),
        pytest.param([TEXT, {"custom": []}], id="a custom that is no object"),
        pytest.param([TEXT, {"text": "?", "buttons": {}}], id="buttons that are no list"),
        pytest.param([TEXT, {"text": "?", "buttons": ["Yes"]}], id="a button that is no object"),
        pytest.param([TEXT, {"text": "?", "buttons": [{"title": "Yes"}]}], id="a button without payload"),
        pytest.param([TEXT, {"text": "?", "buttons": [{"title": 1, "payload": "/x"}]}], id="a label that is no text"),
    ],
)
def test_nonsense_keeps_the_replies_before_it(items):
    with pytest.raises(NonsenseError) as caught:
        regroup(items)
    assert caught.value.replies == ([Reply("Your item can go back.")] if isinstance(items, list) else [])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["text", "custom", "buttons", "title", "payload", "more"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_an_answer_or_nonsense_and_more_never_gets_out(items):
    try:
        replies = regroup(items).replies
    except NonsenseError as error:
        replies = error.replies
    for reply in replies:
        assert reply.text or reply.buttons or reply.custom
        assert "more" not in (reply.custom or {})


@given(st.lists(st.text(min_size=1).map(lambda text: {"text": text})))
def test_every_text_is_told_once_and_in_order(items):
    assert [reply.text for reply in regroup(items).replies] == [item["text"] for item in items]
