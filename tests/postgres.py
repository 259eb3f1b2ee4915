"""A private PostgreSQL for the tests, and the `database` fixture that gives every test a fresh store.

A pytest plugin: `pytest_plugins = ["tests.postgres"]` in tests/conftest.py. The server is started from the
system's own binaries once a run, speaks over a Unix socket only, and is gone with its data at the end.
Where PostgreSQL is not installed, the tests that need it are listed as not run at the end of the report;
in CI they fail.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from order_store import Database

INSTALL = "PostgreSQL is not installed: apt-get install postgresql (Debian), or put initdb on the PATH"
STARTS_WITHIN = 60.0

_NOT_RUN: pytest.StashKey[list[str]] = pytest.StashKey()


class PostgresServer:
    """A running cluster that lends migrated databases to one test at a time.

    Emptying a database takes milliseconds where making one takes tenths of a second, so a used one is
    emptied and lent again as long as it still has all of its tables.
    """

    def __init__(self, socket_folder: Path) -> None:
        self._folder = socket_folder
        self._names = (f"aftercare_{number}" for number in count(1))
        self._idle: list[str] = []
        self._administer("CREATE DATABASE {}", "aftercare_template")
        with closing_database(self.url("aftercare_template")) as database:
            database.upgrade()
        with self._connect("aftercare_template") as template:
            self._tables = _tables(template)

    def url(self, name: str) -> str:
        """The URL of the cluster's database of this name."""
        return f"postgresql+psycopg://aftercare@/{name}?host={self._folder}"

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The URL of a database with empty tables that nobody else has."""
        name = self._idle.pop() if self._idle else self._copy()
        try:
            yield self.url(name)
        finally:
            if self._emptied(name):
                self._idle.append(name)
            else:
                self._administer("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def bare(self) -> Iterator[str]:
        """The URL of a database without any tables, dropped at the end."""
        name = next(self._names)
        self._administer("CREATE DATABASE {}", name)
        try:
            yield self.url(name)
        finally:
            self._administer("DROP DATABASE {} WITH (FORCE)", name)

    def _copy(self) -> str:
        name = next(self._names)
        self._administer("CREATE DATABASE {} TEMPLATE aftercare_template", name)
        return name

    def _emptied(self, name: str) -> bool:
        with self._connect(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if _tables(connection) != self._tables:
                return False
            # As a replica, foreign keys and the triggers of the audit trail stand aside.
            connection.execute("SET session_replication_role = replica")
            for table in self._tables - {"alembic_version"}:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            connection.execute("SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences")
            return True

    def _administer(self, statement: str, name: str) -> None:
        with self._connect("postgres") as server:
            server.execute(sql.SQL(statement).format(sql.Identifier(name)))

    def _connect(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(host=str(self._folder), user="aftercare", dbname=name, autocommit=True)


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> set[str]:
    return {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


@contextmanager
def closing_database(url: str) -> Iterator[Database]:
    """A `Database` whose connections are closed at the end."""
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer | None]:
    """The cluster, or None where PostgreSQL is not installed."""
    unsafe = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    with private_server(unsafe) as server:
        yield server


@contextmanager
def private_server(settings: Mapping[str, str]) -> Iterator[PostgresServer | None]:
    """A cluster of its own, gone with its data at the end; None where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="aftercare-pg-"))
    user = _unprivileged_user()
    if user is not None:
        shutil.chown(folder, user)
    log = (folder / "log").open("wb")
    data = folder / "data"
    try:
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "aftercare", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True,
            stdout=log,
            stderr=log,
            user=user,
            cwd=folder,
        )
        # A Unix socket alone: no port to collide on, nothing to reach from outside.
        private = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "60"}
        server = subprocess.Popen(
            [
                binaries / "postgres",
                "-D",
                data,
                *(f"--{name}={value}" for name, value in {**private, **settings}.items()),
            ],
            stdout=log,
            stderr=log,
            user=user,
            cwd=folder,
            start_new_session=True,
        )
        try:
            _wait_until_it_answers(server, folder)
            yield PostgresServer(folder)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=STARTS_WITHIN)
    finally:
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer | None, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    with _needed(postgres_server, request).migrated() as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'aftercare.db')}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    with closing_database(f"sqlite:///{file}") as database:
        database.upgrade()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server = _needed(request.getfixturevalue("postgres_server"), request)
        with server.bare() as url:
            yield url


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """A fresh, migrated store, once on SQLite and once on PostgreSQL."""
    with closing_database(store_url) as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A fresh, migrated store on SQLite alone, for tests the kind of database makes no difference to."""
    with closing_database(sqlite_url) as database:
        yield database


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    not_run = config.stash.get(_NOT_RUN, [])
    if not_run:
        terminalreporter.section("NOT RUN", sep="=", red=True, bold=True)
        terminalreporter.line(f"{len(not_run)} tests need PostgreSQL. {INSTALL}")
        for test in sorted(not_run):
            terminalreporter.line(f"  {test}")


def _needed(server: PostgresServer | None, request: pytest.FixtureRequest) -> PostgresServer:
    if server is not None:
        return server
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(INSTALL, pytrace=False)
    request.config.stash.setdefault(_NOT_RUN, []).append(request.node.nodeid)
    pytest.skip(INSTALL)


def _binaries() -> Path | None:
    """The folder of the newest PostgreSQL installed; Debian keeps them off the PATH."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: [int(part) for part in path.parts[4].split(".")], default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _unprivileged_user() -> str | None:
    """Whom to run as: PostgreSQL refuses root. None for whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in users)


def _wait_until_it_answers(server: subprocess.Popen[bytes], folder: Path) -> None:
    gives_up = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with closing(psycopg.connect(host=str(folder), user="aftercare", dbname="postgres")):
                return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > gives_up:
                pytest.fail(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}", pytrace=False)
            time.sleep(0.05)
