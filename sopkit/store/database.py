"""The database under the store: SQLite in WAL mode, or PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from sopkit.errors import StoreError
from sopkit.tables import ADDED_ONLY, SCHEMA, meta, schema


class Database:
    """One open database with the store's tables in it."""

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {"poolclass": sa.StaticPool} if url in ("sqlite://", "sqlite:///:memory:") else {}
        try:
            self.url = sa.make_url(url).render_as_string(hide_password=True)
            self.engine = sa.create_engine(url, **options)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise StoreError(url.partition(":")[0], "This is not the address of a database that can be used here") from error
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _sqlite_connect)
            sa.event.listen(self.engine, "begin", _sqlite_begin)
        try:
            with self.write() as db:
                meta.create_all(db)
                found = db.execute(sa.select(schema.c.version)).scalar()
                if found is None:
                    db.execute(schema.insert().values(version=SCHEMA))
                elif found in ADDED_ONLY:
                    db.execute(schema.update().values(version=SCHEMA))
                elif found != SCHEMA:
                    raise StoreError(
                        self.url,
                        f"The store has schema {found}, this program needs {SCHEMA}. Use the program that made it, or another data folder (SOPKIT_ACADEMY)",
                    )
        except SQLAlchemyError as error:
            raise StoreError(self.url, f"The store cannot be opened: {type(error).__name__}") from error

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a transaction that writes; it is whole or not at all."""
        with self.engine.connect().execution_options(writes=True) as db, db.begin():
            yield db

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a connection that reads."""
        with self.engine.connect() as db:
            yield db

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def now() -> datetime:
    """Return the time as the tables hold it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def utc(at: datetime) -> datetime:
    """Return a time read from a table with its zone."""
    return at.replace(tzinfo=UTC)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("busy_timeout=15000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for tries in range(100):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError:  # another program is making the same new store: here SQLite does not wait
            if tries == 99:
                raise
            time.sleep(0.05)


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
