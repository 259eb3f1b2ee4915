"""Understanding may import no other room, so the rule of our numbers stands twice: both must hold alike."""

import secrets

import pytest

from bot.nlu.check_character import ALPHABET, STARTS, printed_number
from order_store.numbers import PREFIXES, NumberKind, new_number, normalise_number

KINDS: dict[str, NumberKind] = {"RMA": "rma", "DSP": "dispute", "TKT": "ticket"}


def test_the_prefixes_are_those_numbers_are_given_out_with() -> None:
    assert {PREFIXES[kind] for kind in KINDS.values()} == STARTS.keys()


@pytest.mark.parametrize(("prefix", "kind"), KINDS.items())
def test_a_number_given_out_is_understood_however_it_is_typed(prefix: str, kind: NumberKind) -> None:
    for _ in range(50):
        number = new_number(kind)
        bare = number.removeprefix(f"{prefix}-")
        for typed in (bare, bare.lower(), bare.replace("-", " "), bare.replace("0", "o").replace("1", "l")):
            assert printed_number(prefix, typed) == number


@pytest.mark.parametrize(("prefix", "kind"), KINDS.items())
def test_anything_else_typed_is_judged_alike(prefix: str, kind: NumberKind) -> None:
    for _ in range(300):
        typed = "".join(secrets.choice(ALPHABET + "OILSZBGNA-") for _ in range(10))
        assert printed_number(prefix, typed) == normalise_number(typed, kind)
        assert printed_number(prefix, typed) == normalise_number(f"{prefix}-{typed}")


@pytest.mark.parametrize("prefix", KINDS)
def test_a_number_of_another_kind_is_none(prefix: str) -> None:
    for other, kind in KINDS.items():
        number = new_number(kind)
        assert (printed_number(prefix, number.removeprefix(f"{other}-")) is None) == (prefix != other)
