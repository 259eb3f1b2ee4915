"""One meaning in each channel's shape, within its limits."""

import pytest

from gateway.channels import gsm
from gateway.channels.email import SHAPE as EMAIL
from gateway.channels.messenger import SHAPE as MESSENGER
from gateway.channels.quoting import own_words
from gateway.channels.shapes import Choice, Said, parts, pieces
from gateway.channels.slack import SHAPE as SLACK
from gateway.channels.telegram import SHAPE as TELEGRAM
from gateway.channels.twilio import SMS, WHATSAPP

YES_NO = (Choice("Yes", "m.5-1"), Choice("No", "m.5-2"))
LONG = (Choice("Send it back for a full refund", "m.5-1"), Choice("Exchange it", "m.5-2"))


@pytest.mark.parametrize("shape", [TELEGRAM, SLACK, MESSENGER])
def test_choices_are_buttons_where_there_are_any(shape):
    (part,) = parts(shape, [Said("Shall I?", YES_NO)])
    assert part.text == "Shall I?"
    assert part.buttons == YES_NO


@pytest.mark.parametrize("shape", [SMS, WHATSAPP, EMAIL])
def test_choices_are_numbered_where_there_are_none(shape):
    (part,) = parts(shape, [Said("Shall I?", YES_NO)])
    assert part.text == "Shall I?\n1 Yes\n2 No"
    assert part.buttons == ()


def test_a_label_too_long_for_a_button_makes_all_of_them_numbered():
    (part,) = parts(MESSENGER, [Said("What shall it be?", LONG)])
    assert part.text == "What shall it be?\n1 Send it back for a full refund\n2 Exchange it"
    assert part.buttons == ()
    (part,) = parts(TELEGRAM, [Said("What shall it be?", LONG)])
    assert part.buttons == LONG


def test_choices_that_are_numbers_themselves_are_not_numbered():
    (part,) = parts(SMS, [Said("How many?", (Choice("2", "m.5-1"), Choice("3", "m.5-2")))])
    assert part.text == "How many?\n- 2\n- 3"


@pytest.mark.parametrize("shape", [TELEGRAM, SLACK, MESSENGER, SMS, WHATSAPP, EMAIL])
@pytest.mark.parametrize(
    "said",
    [
        "word " * 9000,
        "x" * 9000,
        "One sentence of some length. " * 500,
        "line\n" * 3000,
        "\U0001f58b" * 5000,
        "a < b & " * 1000,
    ],
)
def test_nothing_is_cut_off_and_nothing_is_too_long(shape, said):
    made = parts(shape, [Said(said, YES_NO)])
    assert all(0 < shape.measured(part.text) <= shape.longest for part in made)
    assert "".join("".join(part.text.split()) for part in made).startswith("".join(shape.written(said).split()))
    if shape.buttons:
        assert [part.buttons for part in made] == [()] * (len(made) - 1) + [YES_NO]


def test_pieces_end_where_a_sentence_does():
    assert pieces("First one. Second one. Third one.", 24) == ["First one. Second one.", "Third one."]


def test_all_of_a_turn_is_one_text_message():
    (part,) = parts(SMS, [Said("You can send it back."), Said("Shall I?", YES_NO)])
    assert part.text == "You can send it back.\n\nShall I?\n1 Yes\n2 No"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\u201cYes\u201d \u2013 it\u2019s fine\u2026", '"Yes" - it\'s fine...'),
        ("Çédille, naïve, Łódź", "Çédille, naive, Lodz"),
        ("Grüße, Ærø, 5 €", "Grüße, Ærø, 5 €"),
        ("你好", "你好"),
    ],
)
def test_text_messages_are_written_in_their_own_alphabet(written, read):
    assert gsm.written(written) == read


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("你" * 70, 1), ("你" * 71, 2), ("😀" * 36, 2)],
)
def test_segments_are_counted_as_a_phone_company_counts_them(text, count):
    assert gsm.segments(text) == count


def test_a_verdict_and_its_question_are_few_segments():
    verdict = (
        "Yes, you can return the Fountain pen Heron, fine nib for a full refund until Wednesday 1 April 2026, end of "
        "day, Berlin time \u2013 22 days left (ST-R1). You pay for sending it back."
    )
    (part,) = parts(SMS, [Said(verdict), Said("Shall I give you a return number?", YES_NO)])
    assert gsm.segments(part.text) <= 2


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        (
            "It broke.\n\nOn Mon, 2 Mar 2026 at 10:00, Inkwell <s@inkwell.example.com> wrote:\n> What is it?",
            "It broke.",
        ),
        ("Ja.\n\nAm Mo., 2. März 2026 um 10:00 Uhr schrieb Inkwell\n<s@inkwell.example.com>:\n> Was?", "Ja."),
        ("1\n\n-----Original Message-----\nFrom: Inkwell <s@inkwell.example.com>\nWhat?", "1"),
        ("> What is it?\nThe nib is bent.\n> When?\nYesterday.", "The nib is bent.\nYesterday."),
        ("Yes please\n-- \nAda\nphone", "Yes please"),
        ("On Monday it broke.\nI am sad.", "On Monday it broke.\nI am sad."),
        ("No quote here:\nonly this", "No quote here:\nonly this"),
    ],
)
def test_of_an_email_what_was_answered_and_the_signature_are_left_out(mail, own):
    assert own_words(mail) == own
