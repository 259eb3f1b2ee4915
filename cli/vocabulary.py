"""`aftercare vocabulary`: what the shops sell and how they number orders, as the file understanding is trained with."""

import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import yaml
from rich.console import Console

from order_store import Database, SettingsError, product_names, read_shops, shop_vocabularies
from order_store.location import PROJECT_ROOT

from .demo import ORDERS, SHOPS, read_orders
from .importing import exit_on_error, opened_store

VOCABULARY: Final = PROJECT_ROOT / "var" / "vocabulary.yml"
_HEADING: Final = """\
# What understanding knows of the shops when it is trained: written by `aftercare vocabulary`, best not by hand.
# order_numbers: # stands for a digit, @ for a letter. products: the most frequent first.
"""


def write_vocabulary(
    out: Annotated[Path, typer.Option(help="The file to write.", show_default="var/vocabulary.yml")] = VOCABULARY,
    demo: Annotated[bool, typer.Option("--demo", help="Of the demo's shops, as their files tell them.")] = False,
) -> None:
    """Write the product names and order-number patterns of the store's shops, for the next training.

    The same store gives the same file. Of customers, it holds nothing. Exits with 2 when it cannot be written.
    """
    output = Console()
    with exit_on_error(Console(stderr=True)):
        if demo:
            shops = demo_vocabulary()
        else:
            with opened_store() as database:
                shops = stored_vocabulary(database)
        save_vocabulary(out, shops)
    products = sum(len(shop["products"]) for shop in shops.values())
    output.print(f"{out}: {products} products of {len(shops)} shops", markup=False, highlight=False)


def stored_vocabulary(database: Database) -> dict[str, dict[str, list[str]]]:
    """By shop `order_numbers` and `products`, from the store."""
    with database.read() as session:
        return shop_vocabularies(session)


def demo_vocabulary() -> dict[str, dict[str, list[str]]]:
    """The same from the demo's files; raises SettingsError where one is wrong."""
    shops = sorted(read_shops(SHOPS), key=lambda shop: shop.key)
    orders = read_orders(ORDERS, shops)
    return {
        shop.key: {
            "order_numbers": shop.order_numbers,
            "products": product_names(Counter(line["title"] for order in orders[shop.key] for line in order["lines"])),
        }
        for shop in shops
    }


def save_vocabulary(file: Path, shops: Mapping[str, Any]) -> None:
    """Puts the file in place as a whole, or not at all. Raises SettingsError that names it when that fails."""
    told = yaml.safe_dump({"shops": dict(shops)}, allow_unicode=True, sort_keys=False, width=1000)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(_HEADING + told)
            unfinished.chmod(0o644)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be written ({error.strerror})") from error
