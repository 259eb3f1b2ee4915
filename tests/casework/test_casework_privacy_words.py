"""Which kind of privacy request a message is, and whether it says already what to correct."""

import pytest

from casework.privacy_words import kind_in, says_what_to_correct


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("delete all my data", "erasure"),
        ("close my account please", "erasure"),
        ("I want to be forgotten", "erasure"),
        ("erase me", "erasure"),
        ("what data do you have about me", "access"),
        ("send me a copy of my data", "access"),
        ("my name is wrong in your records", "correction"),
        ("change my email on file", "correction"),
        ("gdpr", None),
        ("delete my data but first send me a copy", None),
        ("do not keep my chat history", None),
    ],
)
def test_the_words_say_the_kind_or_leave_it_to_be_asked(text: str, kind: str | None) -> None:
    assert kind_in(text) == kind


@pytest.mark.parametrize("text", ["remove my phone number", "delete my old address", "wipe my card details"])
def test_one_field_to_be_removed_never_erases_the_person(text: str) -> None:
    assert kind_in(text) == "correction"


def test_what_to_correct_is_told_with_the_right_value_or_asked() -> None:
    assert says_what_to_correct("my birthday is stored as 1958, correct is 1985")
    assert says_what_to_correct("please change my e-mail to ada@example.com")
    assert not says_what_to_correct("my name is wrong in your records")
    assert not says_what_to_correct("is it possible to change the e-mail stored for me")
