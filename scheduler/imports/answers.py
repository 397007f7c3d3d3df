"""A draft with a person's answers put in: what a doubtful spelling means, which class a damaged cell was.

Where nothing was answered the proposed answer holds. Pure; what was answered before is kept by `models.imports`.
"""

from collections.abc import Mapping
from dataclasses import replace

from scheduler.imports.draft import Draft, DraftQuestion, DraftSubject
from scheduler.models.names import name_key


def settle(draft: Draft, answers: Mapping[str, str]) -> Draft:
    """The draft with every question answered; rows that came to one name are one row."""
    if not draft.questions:
        return draft
    chosen = {question.key: _chosen(question, answers) for question in draft.questions}
    names = {row.subject_key: chosen[row.key] for row in draft.questions if row.subject_key}
    labels = {row.class_key: chosen[row.key] for row in draft.questions if row.class_key}
    subjects = [replace(row, name=names.get(row.key, row.name)) for row in draft.subjects]
    classes = [replace(row, name=labels.get(row.key, row.name)) for row in draft.classes]
    return _joined(replace(draft, subjects=tuple(subjects), classes=tuple(classes)))


def open_questions(draft: Draft, answers: Mapping[str, str]) -> tuple[DraftQuestion, ...]:
    """The questions nobody has answered yet."""
    return tuple(question for question in draft.questions if question.key not in answers)


def _chosen(question: DraftQuestion, answers: Mapping[str, str]) -> str:
    answer = answers.get(question.key)
    known = {value for value, _words in question.options}
    return answer if answer in known or (answer and question.class_key) else question.proposed


def _joined(draft: Draft) -> Draft:
    """Subjects of one name become the first of them. Classes of one name are joined when they are applied."""
    first: dict[str, DraftSubject] = {}
    moved: dict[str, str] = {}
    for row in draft.subjects:
        kept = first.setdefault(name_key(row.name) or row.name, row)
        moved[row.key] = kept.key
    courses = tuple(replace(row, subject_key=moved[row.subject_key]) for row in draft.courses)
    teachers = tuple(
        replace(row, subject_keys=tuple(dict.fromkeys(moved[key] for key in row.subject_keys)))
        for row in draft.teachers
    )
    return replace(draft, subjects=tuple(first.values()), courses=courses, teachers=teachers)
