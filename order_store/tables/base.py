"""What every table has in common: constraint names, column types by annotation, and checks of codes."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Date, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from order_store.types import Money, UTCDateTime

Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
"""A number the database gives."""

JsonObject = dict[str, Any]
JsonList = list[Any]

NEVER_REUSE_IDS: Final[Mapping[str, Any]] = {"sqlite_autoincrement": True}
"""Audit rows name things by id, so the id of a deleted row must not come back (SQLite's default)."""

# `json`, not `jsonb`: a stored verdict keeps the order of its keys.
_JSON = JSON(none_as_null=True)


class Base(DeclarativeBase):
    """What every table class is; `Base.metadata` holds them all."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        bool: Boolean(),
        date: Date(),
        datetime: UTCDateTime(),
        Decimal: Money(),
        JsonObject: _JSON,
        JsonList: _JSON,
        list[str]: _JSON,
        list[JsonObject]: _JSON,
    }


def one_of(column: str, codes: tuple[str, ...]) -> CheckConstraint:
    """A check that `column` holds one of `codes` (or nothing, where it may be null)."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
