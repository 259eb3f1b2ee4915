"""Parcels' numbers are told from other numbers by their check digits."""

import pytest

from bot.nlu.carriers import is_parcel_number

RIGHT = ("1Z999AA10123456784", "LX123456785DE", "00340434161094042557")


@pytest.mark.parametrize("number", RIGHT)
def test_a_carriers_number_with_its_check_digit_is_one(number: str) -> None:
    assert is_parcel_number(number)


@pytest.mark.parametrize("number", RIGHT)
def test_one_check_digit_in_ten_is_right(number: str) -> None:
    place = 10 if number.endswith("DE") else len(number) - 1
    others = [number[:place] + digit + number[place + 1 :] for digit in "0123456789" if digit != number[place]]
    assert not any(map(is_parcel_number, others))


def test_one_last_digit_in_ten_makes_a_usps_number() -> None:
    assert sum(is_parcel_number(f"940010000000000000012{digit}") for digit in "0123456789") == 1
    assert sum(is_parcel_number(f"9400100000000000012{digit}") for digit in "0123456789") == 1


@pytest.mark.parametrize("number", ["", "1Z", "AB123", "8127441077318127", "1Z999AA101234567845", "lx123456785de"])
def test_other_shapes_are_none(number: str) -> None:
    assert not is_parcel_number(number)
