"""What the room offers is offered on purpose."""

from types import ModuleType

import order_store


def test_every_public_name_is_exported_on_purpose() -> None:
    public = {
        name
        for name, value in vars(order_store).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == set(order_store.__all__)
    assert list(order_store.__all__) == sorted(order_store.__all__)


def test_every_public_name_is_documented() -> None:
    assert [name for name in order_store.__all__ if not getattr(order_store, name).__doc__] == []
