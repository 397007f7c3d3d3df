"""Russian words for what needs no database."""

import pytest
from flask import Flask

from scheduler.translations import init_translations


@pytest.fixture
def russian():
    app = Flask("scheduler")
    init_translations(app)
    with app.app_context():
        yield app
