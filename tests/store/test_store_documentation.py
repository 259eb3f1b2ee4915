"""The import format and the shop settings are documented whole, and what is shown is taken."""

import json
import re
from pathlib import Path

import pytest

from order_store.codes import ADDRESS_ERRORS, APPROVALS, PROGRAMMES, STANDINGS, STOCKS
from order_store.importing.checking import (
    CUSTOMER_KEYS,
    LINE_KEYS,
    ORDER_KEYS,
    SERVICE_KEYS,
    SHIPMENT_KEYS,
    check_order,
)
from order_store.importing.told import ToldOrder
from order_store.shop_settings import SETTINGS, WEEKDAYS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "orders.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "word",
    [
        *(ORDER_KEYS + CUSTOMER_KEYS + SHIPMENT_KEYS + LINE_KEYS),
        *(ADDRESS_ERRORS + STANDINGS + STOCKS),
        *SETTINGS,
        *(PROGRAMMES + APPROVALS),
        *(WEEKDAYS[0], WEEKDAYS[-1]),
    ],
)
def test_every_field_setting_and_code_is_documented(word: str) -> None:
    assert f"`{word}`" in DOCUMENT


@pytest.mark.parametrize("key", SERVICE_KEYS)
def test_the_parts_of_the_one_year_service_are_documented(key: str) -> None:
    assert f'"{key}"' in DOCUMENT


def test_the_documented_order_is_taken() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    order = check_order(json.loads(example), {"inkwell"})
    assert isinstance(order, ToldOrder), order
