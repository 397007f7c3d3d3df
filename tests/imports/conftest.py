"""Russian words for what needs no database."""

import json
from pathlib import Path

import pytest
from flask import Flask

from scheduler.translations import init_translations

ABOVE = (folder / "shared" / "data" / "asc" for folder in Path(__file__).resolve().parents[3:])
SAMPLES = next((folder for folder in ABOVE if folder.exists()), Path("absent"))


@pytest.fixture
def russian():
    app = Flask("scheduler")
    init_translations(app)
    with app.app_context():
        yield app


def real_files():
    """Real timetables with the counts they are known to have; none where the folder is absent."""
    expected = SAMPLES / "EXPECTED_dev.json"
    return json.loads(expected.read_text()) if expected.exists() else {}


@pytest.fixture(params=real_files() or [pytest.param("", marks=pytest.mark.skip("no ../shared/data"))])
def real_file(request):
    """(name, bytes, what is known of it)"""
    return request.param, (SAMPLES / request.param).read_bytes(), real_files()[request.param]
