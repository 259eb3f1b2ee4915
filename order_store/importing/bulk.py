"""Many rows at once: looked up by one list of keys, numbered ahead, and written in one stream.

What an import writes goes through here because the ways are the databases' own: PostgreSQL takes arrays and
COPY, SQLite lists of JSON and prepared statements. The column types convert the values as they do everywhere.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import ARRAY, ColumnElement, Connection, Row, bindparam, func, select, text, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from order_store.tables import Base

Value = TypeVar("Value")

_SEQUENCE: Final = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
_LAST_ID: Final = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def among(
    connection: Connection, column: ColumnElement[Value] | InstrumentedAttribute[Value], values: Iterable[Value]
) -> ColumnElement[bool]:
    """Whether `column` holds one of `values`: one parameter, however many they are."""
    if connection.dialect.name == "postgresql":
        listed = bindparam(None, list(values), type_=ARRAY(column.type))
        return column == func.any(listed)
    return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))


def of_shop(
    connection: Connection,
    shop_key: str,
    key: InstrumentedAttribute[str],
    wanted: Iterable[str],
    *columns: InstrumentedAttribute[Any],
) -> Sequence[Row[Any]]:
    """The `columns` of the shop's rows whose `key`, unique in the shop, is one of `wanted`."""
    rows = select(*columns).where(key.class_.shop_key == shop_key)
    if connection.dialect.name != "postgresql":
        return connection.execute(rows.where(among(connection, key, wanted))).all()
    # One look into the unique index for each, whatever PostgreSQL believes of a table that grows as it is
    # looked into: OFFSET keeps it from joining in another way.
    keys = func.unnest(bindparam(None, list(wanted), type_=ARRAY(key.type))).table_valued("key").render_derived()
    found = rows.where(key == keys.c.key).offset(0).lateral()
    return connection.execute(select(*found.c).select_from(keys).join(found, true())).all()


def new_ids(connection: Connection, table: type[Base], count: int) -> Sequence[int]:
    """As many ids of `table` that nothing has and nothing will get, in a write transaction."""
    if connection.dialect.name == "postgresql":
        return connection.scalars(_SEQUENCE, {"name": table.__tablename__, "count": count}).all()
    last = connection.scalar(_LAST_ID, {"name": table.__tablename__}) or 0
    return range(last + 1, last + 1 + count)


def insert_rows(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts the rows, all of the same columns. Raises what SQLAlchemy raises for an insert."""
    if not rows:
        return
    names = tuple(rows[0])
    converted = _converted(connection, [table.__table__.c[name] for name in names], rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, table.__tablename__, names, converted)
        return
    columns, marks = ", ".join(names), ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.__tablename__} ({columns}) VALUES ({marks})"  # noqa: S608 - the tables' own names
    connection.exec_driver_sql(statement, list(converted))


def _converted(
    connection: Connection, columns: Sequence[ColumnElement[Any]], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    dialect = connection.dialect
    processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    converting: list[tuple[int, Callable[[Any], Any]]] = [
        (place, processor) for place, processor in enumerate(processors) if processor is not None
    ]
    for row in rows:
        values = list(row.values())
        for place, convert in converting:
            if values[place] is not None:
                values[place] = convert(values[place])
        yield tuple(values)


def _copy(connection: Connection, table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    raw = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError(f"expected psycopg's connection, found {type(raw).__name__}")
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        # As SQLAlchemy raises what goes wrong in its own statements.
        raise DBAPIError.instance(
            f"COPY {table}", None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
