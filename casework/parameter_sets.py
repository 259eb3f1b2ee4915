"""The sets of parameters orders can be judged by: an edition of the policies, or shops' settings on top of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import order_store
import policy_core
from policy_core import Policy, default_policy, load_policy

from .cases import shop_terms
from .shops import read_checked_shops

SHIPPED = "shipped"
"""The word for the edition that ships; a folder of that name is told as ./shipped."""


class ParameterSetError(ValueError):
    """Two parameter sets cannot be had or compared; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """An edition; with `shops`, by key, those settings stand in for the ones in the store."""

    name: str
    policy: Policy
    shops: Mapping[str, order_store.Shop] | None = None

    def terms(self, shop: order_store.Shop) -> policy_core.Shop | None:
        """What a stored shop's lines are judged on; None where this set does not tell the shop.

        Raises ParameterError where a value of the shop's is none the edition takes.
        """
        told = shop if self.shops is None else self.shops.get(shop.key)
        return None if told is None else shop_terms(told, self.policy)


def read_parameter_sets(old: str, new: str) -> tuple[ParameterSet, ParameterSet]:
    """The sets `old` and `new` name, of one kind: an edition's folder, the word shipped, or a shops.yml.

    Raises ParameterSetError where there is no such file, or they are of two kinds; ParameterError and
    SettingsError, naming file, key and mend, where one does not load.
    """
    sets = _read(old), _read(new)
    if (sets[0].shops is None) != (sets[1].shops is None):
        edition, shops = (old, new) if sets[0].shops is None else (new, old)
        raise ParameterSetError(
            f"{edition} is an edition and {shops} a file of shops' settings:"
            f" give two editions (a folder, or {SHIPPED}) or two files of shops' settings"
        )
    return sets


def _read(given: str) -> ParameterSet:
    if given == SHIPPED:
        return ParameterSet(given, default_policy())
    path = Path(given)
    if path.is_dir():
        return ParameterSet(given, load_policy(path))
    if not path.exists():
        raise ParameterSetError(
            f"{given}: no such file or folder: give an edition's folder, the word {SHIPPED}, or a file of shops'"
            " settings like shops.yml"
        )
    return ParameterSet(given, default_policy(), {shop.key: shop for shop in read_checked_shops(path)})
