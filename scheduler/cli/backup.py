"""The whole installation into one file and back."""

import sqlite3
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import sqlalchemy as sa

from scheduler.cli.context import with_app
from scheduler.config import Settings, read_settings
from scheduler.planning.errors import PlanningError

KEPT = ("secret_key", "token_key", "clock_offset", "demo.json")
DATABASE = "database.sqlite3"
DUMP = "database.dump"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_app
def backup(file: Path) -> None:
    """Write database and keys into FILE (keep it as secret as the installation itself)."""
    from flask import current_app  # noqa: PLC0415 - only within the application

    settings: Settings = current_app.config["SETTINGS"]
    with TemporaryDirectory() as folder:
        dump = _dump(settings, Path(folder))
        with tarfile.open(file, "w:gz") as archive:
            archive.add(dump, dump.name)
            for name in KEPT:
                if (settings.instance / name).exists():
                    archive.add(settings.instance / name, name)
    file.chmod(0o600)
    click.echo(str(file))


def _dump(settings: Settings, folder: Path) -> Path:
    if settings.database_url.startswith("sqlite"):
        target = folder / DATABASE
        with sqlite3.connect(sa.make_url(settings.database_url).database or "") as source:
            copy = sqlite3.connect(target)
            source.backup(copy)
            copy.close()
        return target
    target = folder / DUMP
    url = settings.database_url.replace("+psycopg", "")
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={url}"])
    return target


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the installation of FILE in place of this one; stop web and worker first."""
    import os  # noqa: PLC0415 - handed to config

    settings = read_settings(os.environ)
    with TemporaryDirectory() as folder, tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
        _load(settings, Path(folder))
        for name in KEPT:
            if (Path(folder) / name).exists():
                (settings.instance / name).write_bytes((Path(folder) / name).read_bytes())
    click.echo("ok")


def _load(settings: Settings, folder: Path) -> None:
    is_sqlite = settings.database_url.startswith("sqlite")
    dump = folder / (DATABASE if is_sqlite else DUMP)
    if not dump.exists():
        raise PlanningError("This backup was made from the other kind of database.")
    if is_sqlite:
        target = Path(sa.make_url(settings.database_url).database or "")
        for suffix in ("", "-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        target.write_bytes(dump.read_bytes())
        return
    url = settings.database_url.replace("+psycopg", "")
    _run(["pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={url}", str(dump)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PlanningError(done.stderr.strip() or f"{command[0]} failed")


COMMANDS = (backup, restore)
