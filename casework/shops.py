"""Shops as their settings file tells them, checked against the policies they subscribe to."""

from pathlib import Path

import order_store
from policy_core import ParameterError, default_policy


def read_checked_shops(path: Path) -> list[order_store.Shop]:
    """The shops of a settings file. Raises SettingsError naming file, shop, key and the mend.

    Beyond the store's own checks, a parameter has to be one of the policies', with a value it can have.
    """
    shops = order_store.read_shops(path)
    for shop in shops:
        try:
            default_policy().read_overrides(shop.parameters, f"{path}: shop {shop.key}: parameters")
        except ParameterError as error:
            raise order_store.SettingsError(str(error)) from None
    return shops
