"""Whatever happens to a source, the outcome is a draft or a refusal in words; the school stays as it was.

A usual run takes a few variants of each sample; `make soak` takes 5,000 together and prints its figures.
"""

import contextlib
import random
import time
from collections import Counter

import pytest

from scheduler.database import rehearsal
from scheduler.imports.draft import Draft
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.picture import take_picture
from scheduler.imports.preview import preview_draft
from scheduler.imports.recognise import read_files, read_source
from scheduler.imports.report import facts
from scheduler.imports.source import SourceFile
from scheduler.planning.errors import PlanningError
from tests.factories import make_school
from tests.imports.damage import SEED, own_samples, real_samples, variant
from tests.imports.fet_samples import fet, two_grades
from tests.imports.samples import render, tables_2012

FULL, FEW = 5000, 2
SLOW, SHORT = 20, 20
HELD = ("lessons_read", "courses", "teachers", "students", "parents", "periods", "terms", "holidays", "working_days")


def outcome(files, school_id, *, is_tried):
    """«read», «told» (read with remarks) or «refused»; anything else is a fault and raises."""
    try:
        draft = read_files(files)
    except ImportRefusedError as refusal:
        return "refused" if len(refusal.text) > SHORT else "refused without words"
    found = facts(draft)
    assert any(found.get(name) for name in HELD), "an import of nothing looks like success"
    assert all(len(row.text) > 5 for row in draft.findings)
    if isinstance(draft, Draft):
        assert all(slot.course_key in draft.course_by_key for slot in draft.slots)
        assert not draft.has_timetable or draft.slots or draft.findings, "an empty timetable looks like success"
    if is_tried:
        try_out(draft, school_id)
    return "told" if draft.findings else "read"


def try_out(draft, school_id):
    """Applying is tried and taken back; a refusal in words is an answer as well."""
    with contextlib.suppress(PlanningError):
        preview_draft(school_id, draft, "a")


def spoil(samples, school_id, sizes, *, every):
    """All variants of the samples; the faults, each with what makes it again, and the figures."""
    faults, figures, slowest = [], Counter(), (0.0, "")
    for sample, size in zip(samples, sizes, strict=True):
        for number in range(size):
            start = time.perf_counter()
            try:
                figures[outcome(variant(sample, number), school_id, is_tried=number % every == 0)] += 1
            except Exception as error:  # noqa: BLE001 - every fault is collected, to be mended at once
                faults.append((sample.name, number, f"{type(error).__name__}: {error}"[:300]))
            slowest = max(slowest, (time.perf_counter() - start, f"{sample.name}/{number}"))
    return faults, figures, slowest


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["own", pytest.param("real", marks=pytest.mark.samples)])
def test_spoilt_sources_are_read_or_refused_and_change_nothing(app, request, kind):
    is_full = request.config.getoption("--full-size")
    samples = {"own": list(own_samples()), "real": list(real_samples())}
    if not samples[kind]:
        pytest.skip("no ../shared/data")
    number_of_all = sum(map(len, samples.values()))
    if kind == "real" and not is_full:
        samples[kind] = samples[kind][:: FEW * 2]
    size = -(-FULL // number_of_all) if is_full else FEW
    school = make_school()
    before = picture(school.id)
    start = time.perf_counter()
    faults, figures, slowest = spoil(
        samples[kind], school.id, [size] * len(samples[kind]), every=1 if is_full and kind == "own" else FEW * 2
    )
    if is_full:
        print(f"\n{kind}: {len(samples[kind])} samples, {sum(figures.values())} variants, {dict(figures)}, "
              f"{time.perf_counter() - start:.0f} s, slowest {slowest[0]:.1f} s {slowest[1]}",
              *faults, sep="\n")  # fmt: skip
    assert faults == []
    assert picture(school.id) == before
    assert slowest[0] < SLOW
    assert {"refused", "told"} <= set(figures) <= {"refused", "told", "read"}


def picture(school_id):
    with rehearsal() as session:
        return take_picture(session, school_id)


def test_random_bytes_are_refused(russian):
    chance = random.Random(SEED)
    heads = (b"", b"<timetable>", b"<fet>", b"BEGIN:VCALENDAR\r\n")
    for number in range(200):
        with pytest.raises(ImportRefusedError):
            read_source(heads[number % 4] + chance.randbytes(chance.randrange(1, 300)), "a")


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE fet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><fet><Mode>&b;</Mode></fet>',
        b"<fet>" + b"<a>" * 50 + b"</a>" * 50 + b"</fet>",
        b"<fet></fet>",
        b"<fet version='x'><Activities_List><Activity><Id>1</Id></Activity></Activities_List></fet>",
        b"<Students_Timetable></Students_Timetable>",
        b'"Activity Id","Day","Hour"\r\n',
        b"\xef\xbb\xbf",
    ],
)
def test_hostile_or_empty_file_is_refused(russian, data):
    with pytest.raises(ImportRefusedError):
        read_source(data, "a")


def test_file_of_nothing_but_clashes_is_read_in_bounded_time(russian):
    tables = tables_2012()
    tables["cards"] *= 400
    draft = read_source(render(tables), "timetable.xml")
    assert 0 < facts(draft)["clashes"] <= 20_000


@pytest.mark.parametrize("hours", ["1e-999999999", "9" * 5000, "-0", "1e99", "Infinity", "٣"])
def test_odd_numbers_are_read_or_told(russian, hours):
    tables = tables_2012()
    tables["lessons"][0]["periodsperweek"] = hours
    tables["grades"] = [{"grade": "0" * 150 + "9" * 40, "name": "x"}]
    draft = read_source(render(tables), "timetable.xml")
    assert 0 <= draft.courses[0].weekly_hours <= 100


def test_a_variant_can_be_made_again():
    sample = next(iter(own_samples()))
    assert variant(sample, 7) == variant(sample, 7) != variant(sample, 8)
    assert isinstance(variant(sample, 7)[0], SourceFile)
    assert fet(two_grades()) == fet(two_grades())
