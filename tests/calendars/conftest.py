"""The moment that these tests play at: Tuesday, 24 November 2026, 6:40 in Moscow."""

import pytest

from tests.calendars.changes import set_clock
from tests.factories import make_school


@pytest.fixture(autouse=True)
def _early_tuesday(request):
    if "app" in request.fixturenames:
        request.getfixturevalue("app")  # making an application sets the clock by its settings
    set_clock()


@pytest.fixture
def school(app):
    return make_school()
