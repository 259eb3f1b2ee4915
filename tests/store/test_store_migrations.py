"""The migrations give the tables the code means, and take them away again."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from order_store import AuditEntry, Base, Database, StoreUnavailable, record
from tests.postgres import closing_database
from tests.store.conftest import NOW


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_migrations_and_models_agree(database: Database) -> None:
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_and_models_agree_on_every_check(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        meant = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {check["name"] for check in inspector.get_check_constraints(table.name)} == meant


def test_every_foreign_key_is_indexed(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in tables(database.engine):
        indexed = {index["column_names"][0] for index in inspector.get_indexes(table)}
        indexed |= {unique["column_names"][0] for unique in inspector.get_unique_constraints(table)}
        for key in inspector.get_foreign_keys(table):
            assert key["constrained_columns"][0] in indexed, (table, key)


def test_an_upgrade_makes_the_store_current_and_a_second_one_changes_nothing(empty_store_url: str) -> None:
    with closing_database(empty_store_url) as database:
        database.upgrade()
        assert database.is_current()
        database.upgrade()
        assert tables(database.engine) == set(Base.metadata.tables)


def test_down_and_up_again_leaves_the_same_tables(database: Database) -> None:
    database.downgrade("base")
    assert tables(database.engine) == set()
    assert not database.is_current()
    database.upgrade()
    assert tables(database.engine) == set(Base.metadata.tables)


def upgrade(url: str) -> bool:
    with closing_database(url) as database:
        database.upgrade()
        return database.is_current()


def test_processes_that_start_together_upgrade_once(empty_store_url: str) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert list(processes.map(upgrade, [empty_store_url] * 2)) == [True] * 2


def test_a_migration_that_fails_leaves_nothing_behind(empty_store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("no more room")

    with closing_database(empty_store_url) as database:
        real = command.upgrade
        monkeypatch.setattr(command, "upgrade", lambda *arguments: (real(*arguments), fail()))
        with pytest.raises(StoreUnavailable, match="no more room"):
            database.upgrade()
        assert tables(database.engine) == set()


@pytest.mark.parametrize("statement", ["UPDATE audit SET why = 'otherwise'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_trail_can_only_grow(database: Database, statement: str) -> None:
    if statement.startswith("TRUNCATE") and database.engine.dialect.name == "sqlite":
        statement = "DELETE FROM audit WHERE id > 0"
    with database.write() as session:
        record(session, at=NOW, who="system", what="tested", subject="test:1", why="to see it kept")
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text(statement))
    with database.read() as session:
        assert session.get_one(AuditEntry, 1).why == "to see it kept"
