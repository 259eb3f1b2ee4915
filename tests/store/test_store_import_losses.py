"""Every loss and every reason not to take an order has its words, here and in the documentation."""

import re
from pathlib import Path

import pytest

from order_store.importing.losses import LEFT_OUT, LOSSES

PROJECT = Path(__file__).parents[2]
DOCUMENT = " ".join((PROJECT / "docs" / "orders.md").read_text(encoding="utf-8").split())
MAPPINGS = [
    (PROJECT / "order_store" / "importing" / f"{name}.py").read_text(encoding="utf-8")
    for name in ("foreign", "shopify_csv", "shopify_json", "woocommerce")
]


@pytest.mark.parametrize("words", [*LOSSES.values(), *LEFT_OUT.values()])
def test_what_an_import_names_is_documented(words: str) -> None:
    assert words.split(":")[0] in DOCUMENT


def test_every_loss_that_is_named_has_words_and_every_word_is_used() -> None:
    told = [part for mapping in MAPPINGS for part in re.findall(r"losses\.(?:add|update)\(+([^)]*)", mapping)]
    assert {code for part in told for code in re.findall(r'"(\w+)"', part)} == set(LOSSES)
