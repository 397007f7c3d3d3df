"""How Alembic meets the application's database; run by `scheduler init`, never by the web process."""

import sqlite3

from alembic import context
from flask import current_app

from scheduler.database import WRITING, Base, db

with db.engine.execution_options(**{WRITING: True}).connect() as connection:
    # SQLite changes a table by copying and dropping it, and a drop with foreign keys on would delete every row that
    # hangs on it: all teachers of all lessons. The pragma does nothing inside a transaction, so it comes before.
    raw = connection.connection.driver_connection
    is_sqlite = isinstance(raw, sqlite3.Connection)
    if is_sqlite:
        raw.execute("pragma foreign_keys=off")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        user_module_prefix="scheduler.database.",
        **current_app.extensions["migrate"].configure_args,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and connection.exec_driver_sql("pragma foreign_key_check").first() is not None:
                raise RuntimeError("The migration would leave rows that hang on nothing; nothing was changed.")
    finally:
        if is_sqlite:
            raw.execute("pragma foreign_keys=on")
