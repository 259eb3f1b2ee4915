"""Transactions, on both databases: what is committed, what is not, and what a person reads when it fails."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from order_store import Database, IdentityAttempt, Shop, StoreUnavailable, database_url, record_attempt
from order_store.location import PROJECT_ROOT
from tests.store.conftest import a_shop


def shops_in(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Shop)) or 0


def test_a_write_is_committed_at_its_end(database: Database) -> None:
    with database.write() as session:
        session.add(a_shop())
    assert shops_in(database) == 1


def test_an_error_inside_a_write_undoes_all_of_it(database: Database) -> None:
    def fail_halfway() -> None:
        with database.write() as session:
            session.add(a_shop())
            session.flush()
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail_halfway()
    assert shops_in(database) == 0


def test_a_broken_constraint_is_raised_as_it_is(database: Database, shop: str) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(a_shop(shop))


def test_a_read_cannot_write(database: Database) -> None:
    with database.read() as session:
        session.add(a_shop())
        with pytest.raises(DBAPIError, match="read"):
            session.flush()
    assert shops_in(database) == 0


def test_a_write_after_a_read_on_the_same_connection_can_write(database: Database) -> None:
    assert shops_in(database) == 0
    with database.write() as session:
        session.add(a_shop())
    assert shops_in(database) == 1


@pytest.mark.parametrize("mode", ["read", "write"])
def test_objects_stay_readable_after_their_transaction(database: Database, shop: str, mode: str) -> None:
    with getattr(database, mode)() as session:
        found = session.get(Shop, shop)
    assert found.name == "Inkwell"


def test_a_read_sees_one_state_of_the_database_throughout(database: Database) -> None:
    with database.read() as reading:
        assert reading.scalar(select(func.count()).select_from(Shop)) == 0
        with database.write() as writing:
            writing.add(a_shop())
        assert reading.scalar(select(func.count()).select_from(Shop)) == 0


def test_writers_in_many_threads_wait_for_each_other(database: Database, shop: str) -> None:
    def raise_number() -> None:
        for _ in range(5):
            with database.write() as session:
                stored = session.scalars(select(Shop).where(Shop.key == shop).with_for_update()).one()
                stored.parameters = {"count": stored.parameters.get("count", 0) + 1}

    threads = [threading.Thread(target=raise_number) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.get_one(Shop, shop).parameters == {"count": 30}


def test_foreign_keys_are_enforced(database: Database) -> None:
    statement = text("INSERT INTO customers (shop_key, email, standing) VALUES ('nobody', 'a@example.com', 'good')")
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(statement)


def test_a_store_without_tables_says_what_to_do(empty_store_url: str) -> None:
    database = Database(empty_store_url)
    assert not database.is_current()
    with pytest.raises(StoreUnavailable, match=r"tables are missing.*run: aftercare migrate"):
        shops_in(database)
    database.dispose()


def test_a_server_that_is_not_there_is_unavailable_and_its_password_unsaid() -> None:
    database = Database("postgresql+psycopg://someone:secret@127.0.0.1:9/nothing")
    with pytest.raises(StoreUnavailable, match="check AFTERCARE_DATABASE_URL") as failure, database.read():
        pass
    assert "secret" not in str(failure.value)


def test_a_sqlite_file_in_no_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open"), Database(f"sqlite:///{tmp_path}/no/a.db").write():
        pass


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing like a database " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"), Database(f"sqlite:///{tmp_path}/notes.txt").read():
        pass


def test_a_store_locked_for_too_long_is_unavailable(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("order_store.connecting.WAIT_SECONDS", 0.05)
    other = Database(sqlite_database.engine.url.render_as_string())
    with (
        sqlite_database.write(),
        pytest.raises(StoreUnavailable, match="busy with other writers"),
        other.write(),
    ):
        pass
    other.dispose()


@pytest.mark.parametrize("url", ["mysql://a@b/c", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_a_url_the_store_cannot_use_is_refused_with_one_it_can(url: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"sqlite:///path/to/file\.db"):
        Database(url)


def test_without_a_setting_the_store_is_a_file_under_var() -> None:
    assert database_url({}) == f"sqlite:///{PROJECT_ROOT / 'var' / 'aftercare.db'}"


def test_a_relative_file_counts_from_the_project_root_and_its_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("order_store.location.PROJECT_ROOT", tmp_path)
    assert database_url({"AFTERCARE_DATABASE_URL": "sqlite:///deep/er/a.db"}) == f"sqlite:///{tmp_path}/deep/er/a.db"
    assert (tmp_path / "deep" / "er").is_dir()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_spelling_of_postgresql_uses_the_same_driver(scheme: str) -> None:
    url = database_url({"AFTERCARE_DATABASE_URL": f"{scheme}://u:p@db.example.com/aftercare"})
    assert url == "postgresql+psycopg://u:p@db.example.com/aftercare"


def test_moments_compare_in_sql_as_they_do_in_python(database: Database, shop: str) -> None:
    instants = [datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (9, 10, 11)]
    with database.write() as session:
        for at in instants:
            record_attempt(
                session, at=at, shop_key=shop, conversation_id="c", client="x", order_key="IW1", succeeded=False
            )
    with database.read() as session:
        later = session.scalars(select(IdentityAttempt.at).where(IdentityAttempt.at > instants[0])).all()
    assert sorted(later) == instants[1:]
