"""How Alembic meets the application's database; run by `scheduler init`, never by the web process."""

from alembic import context
from flask import current_app

from scheduler.database import WRITING, Base, db

with db.engine.execution_options(**{WRITING: True}).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        user_module_prefix="scheduler.database.",
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
