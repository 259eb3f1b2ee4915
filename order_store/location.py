"""Where the database is: the setting AFTERCARE_DATABASE_URL, or a SQLite file under var/."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from order_store.errors import StoreUnavailable

VARIABLE: Final = "AFTERCARE_DATABASE_URL"
DEFAULT_URL: Final = "sqlite:///var/aftercare.db"
PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent


def database_url(environ: Mapping[str, str]) -> str:
    """The database's URL by `environ`, its SQLite path made absolute and that path's folder made.

    A relative SQLite path counts from the project root, so that every process means the same file
    whatever folder it was started in. `postgres://` and `postgresql://` mean the psycopg driver.
    Raises StoreUnavailable for a URL nothing here can use.
    """
    url = parse_url(environ.get(VARIABLE) or DEFAULT_URL)
    if url.get_backend_name() == "sqlite" and url.database:
        file = PROJECT_ROOT / url.database
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"{VARIABLE}: the folder {file.parent} of the SQLite file cannot be made ({error.strerror});"
                " name one that can be written to"
            ) from error
        url = url.set(database=str(file))
    return url.render_as_string(hide_password=False)


def parse_url(text: str) -> URL:
    """`text` as a URL the store can open; raises StoreUnavailable with what to write instead."""
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    if url is not None and url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url is None or url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise StoreUnavailable(
            f"{VARIABLE} is not a database the store can use; write sqlite:///path/to/file.db"
            " or postgresql+psycopg://user:password@host/name"
        )
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StoreUnavailable(
            f"{VARIABLE}: a SQLite database in memory cannot be shared by the parts of the system;"
            " name a file: sqlite:///path/to/file.db"
        )
    return url
