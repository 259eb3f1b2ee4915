"""What somebody wants is heard without the addresses and numbers they give."""

import time

import pytest

from bot.nlu.bare_words import bare


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("where is it, ben.marsh@example.com", "where is it"),
        ("where is it? IW-10482, ben.marsh@example.com.", "where is it?."),
        ("IW-10482: where is it", "where is it"),
        ("IW-10482, ben.marsh@example.com", "12345, me@mail"),
    ],
)
def test_what_only_stands_beside_the_sentence_is_left_out(text: str, left: str) -> None:
    assert bare(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("where is IW-10482 and mail ben.marsh@example.com", "where is 12345 and mail me@mail"),
        ("order #48213 please", "order 12345 please"),
        ("my RMA-7K4P-9XQ-M3C", "my 12345"),
        ("1Z999AA10123456784 is the number", "12345 is the number"),
        ("order 4471-226-508", "order 12345"),
    ],
)
def test_addresses_and_long_numbers_are_all_the_same(text: str, left: str) -> None:
    assert bare(text) == left


@pytest.mark.parametrize(
    "text", ["2 of 3 came on 5 March 2026", "it cost 129.90", "the iPhone 12", "back in 14 days?", "COVID", "", "100%"]
)
def test_days_amounts_and_counts_stay(text: str) -> None:
    assert bare(text) == text


@pytest.mark.parametrize("pasted", [" ", "-", ", ", "A-", "a"])
def test_what_is_no_address_or_number_takes_time_with_its_length_alone(pasted: str) -> None:
    """Hundredths of a second; one to eight seconds, were it the square."""
    text = f"a{pasted * 20000}"[:20000] + "b"
    started = time.process_time()
    assert bare(text) == text
    assert time.process_time() - started < 1
