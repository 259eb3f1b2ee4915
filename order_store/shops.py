"""Shops from their settings file into the store."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.orm import Session

from order_store.errors import SettingsError
from order_store.shop_settings import SETTINGS
from order_store.tables import Shop
from order_store.yaml_reading import read_yaml

Change = Literal["new", "changed", "unchanged"]


def read_shops(path: Path) -> list[Shop]:
    """The shops a settings file tells; raises SettingsError that names file, shop, key and the mend."""
    return parse_shops(read_yaml(path), source=str(path))


def parse_shops(data: Any, source: str = "shops.yml") -> list[Shop]:
    """The shops of `data`, {"shops": {key: {"name", "programmes", "timezone", "country", ...}}}.

    Also taken: parameters, languages (default ["en"]), contact, service_center, opening_hours,
    allowed_origins, approval (default automatic), token_secret_name, privacy_answer_days (default 30),
    order_numbers. `source` names the file in messages. Raises SettingsError.
    """
    shops = data.get("shops") if isinstance(data, Mapping) and set(data) == {"shops"} else None
    if not isinstance(shops, Mapping) or not shops:
        raise SettingsError(f"{source}: write one mapping `shops:` that holds each shop under its key")
    return [_shop(source, key, settings) for key, settings in shops.items()]


def save_shops(session: Session, shops: Iterable[Shop]) -> list[tuple[str, Change]]:
    """Stores each shop under its key, all of its settings anew; says what became of each.

    A shop that is stored but not among `shops` stays as it is.
    """
    outcome: list[tuple[str, Change]] = []
    for shop in shops:
        known = session.get(Shop, shop.key)
        stored = session.merge(shop)
        change: Change = "new" if known is None else "changed" if session.is_modified(stored) else "unchanged"
        outcome.append((shop.key, change))
    session.flush()
    return outcome


def _shop(source: str, key: str, settings: Any) -> Shop:
    def refuse(name: str, expected: str) -> SettingsError:
        return SettingsError(f"{source}: shop {key}: {name}: {expected}")

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", key):
        raise refuse("key", "write lower-case letters, digits, - and _, at most 64 of them")
    if not isinstance(settings, Mapping):
        raise refuse("settings", "write a mapping of settings")
    for name in settings:
        if name not in SETTINGS:
            raise refuse(name, f"is no setting; known are {', '.join(SETTINGS)}")
    values = {}
    for name, setting in SETTINGS.items():
        try:
            values[name] = setting.value(settings.get(name))
        except ValueError as problem:
            raise refuse(name, str(problem)) from None
    return Shop(key=key, **values)
