"""A list of people with a person's answers put in: of two rows that are one person the first is kept.

An answered question is no finding any more; it is asked once.
"""

from collections.abc import Mapping
from dataclasses import replace

from scheduler.imports.rosters.draft import ONE, RosterDraft, RosterParent


def settle_people(draft: RosterDraft, answers: Mapping[str, str]) -> RosterDraft:
    """The draft with its answered doubles joined or left apart; what nobody answered stays two people."""
    answered = {double.question.key: double for double in draft.doubles if double.question.key in answers}
    if not answered:
        return draft
    joined = {double.second_key: double.first_key for key, double in answered.items() if answers[key] == ONE}
    told = {(double.question.where, double.question.text) for double in answered.values()}
    return replace(
        draft,
        students=tuple(row for row in draft.students if row.key not in joined),
        parents=_parents(draft, joined),
        doubles=tuple(double for double in draft.doubles if double.question.key not in answered),
        findings=tuple(row for row in draft.findings if (row.where, row.text) not in told),
    )


def _parents(draft: RosterDraft, joined: Mapping[str, str]) -> tuple[RosterParent, ...]:
    """Parents keep the children of the row that was joined to theirs, under the key that stayed."""
    children: dict[str, dict[str, None]] = {}
    for row in draft.parents:
        own = children.setdefault(joined.get(row.key, row.key), {})
        own.update((joined.get(key, key), None) for key in row.student_keys)
    return tuple(replace(row, student_keys=tuple(children[row.key])) for row in draft.parents if row.key not in joined)
