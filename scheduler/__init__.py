"""«Звонок»: the remote lessons of a school, planned, posted and proven."""

import gc
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from scheduler.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The application with all its parts; the only place where they are put together.

    `settings` default to the environment. Raises `ConfigError` where one cannot be used.
    """
    # Imported here so that `scheduler.rules` and `scheduler.sandbox` can be used without Flask and the product.
    from flask import Flask
    from flask_migrate import Migrate

    from scheduler import clock, logs, models, tasks, web
    from scheduler.calls.joins import init_joins
    from scheduler.config import read_settings
    from scheduler.database import db, init_database
    from scheduler.translations import init_translations

    settings = settings or read_settings(os.environ)
    logs.configure()
    clock.configure(settings.instance if settings.is_sandboxed else None, settings.clock_offset)
    app = Flask(
        "scheduler",
        template_folder=str(settings.root / "templates"),
        static_folder=str(settings.root / "static"),
        instance_path=str(settings.instance),
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        PUBLIC_URL=settings.public_url,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
    )
    init_database(app)
    app.extensions["scheduler_tables"] = models.__all__
    Migrate(app, db, directory=str(settings.root / "scheduler" / "migrations"), render_as_batch=True)
    init_translations(app)
    tasks.init_tasks(app)
    web.init_web(app)
    init_joins(app)
    return app


def create_lasting_app(settings: "Settings | None" = None) -> "Flask":
    """The same for a process that lives on: what stands by now is never garbage and is looked through no more.

    A whole-school change makes many objects at once; looking through all modules and tables again and again took a
    third of its time.
    """
    app = create_app(settings)
    gc.collect()
    gc.freeze()
    return app
