"""What a name in a source tells: the grade of a class, a single child's group, a vacancy, an activity.

Proposals only: a person confirms them after the import. Nothing here looks at other rows or at the database.
"""

import re

LONGEST_NAME = 200
HIGHEST_GRADE = 13

_LOOK_ALIKES = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0", "o": "0", "О": "0", "о": "0"})
_DAMAGED_NUMBER = re.compile(r"^(?:[lI|]\d|\d[OoОо])(?!\w\w)|^[lI|][OoОо]")
_GRADE = re.compile(r"^(0|[1-9]\d?)(?:[\s\-‐-―.\"'«»„“”]*[^\W\d_]|[\s\-.]*$|\s*\()")

_HOME_TEACHING = re.compile(r"\b(?:инд|інд|індив\w*|индив\w*|надомн\w*|домашн\w*|на\s+дому|вдома)\b", re.IGNORECASE)
_ONE_LETTER = re.compile(r"^[^\W\d_]\.?\s+[иіi]\.?$", re.IGNORECASE)
_WORD = r"[А-ЯЁІЇЄҐ][а-яёіїєґ'’]+(?:-[А-ЯЁІЇЄҐ][а-яёіїєґ'’]+)?"
_PERSON = re.compile(
    rf"^{_WORD}\s+[А-ЯЁІЇЄҐ]\.(?:\s?[А-ЯЁІЇЄҐ]\.)?$"
    rf"|^{_WORD}\s+{_WORD}\s+\w+(?:вич|вна|чна|ьич|кызы|оглы)$",
)
_PLACEHOLDER = re.compile(r"suspense|^new[_ ]|vacan|ваканс|\bTBA\b|^[\W_]*$", re.IGNORECASE)
_EXTRACURRICULAR = re.compile(
    r"разговоры\s+о\s+важном|россия\s*[-–—]\s*мои\s+горизонты|внеурочн|кружок|секция|факультатив|\bclub\b|гурток",
    re.IGNORECASE,
)
_PHYSICAL_EDUCATION = re.compile(
    r"физ\w*[\s.\-]*культ|физ-?ра\b|фізична культура|^P\.?E\.?$|physical ed", re.IGNORECASE
)
_INITIALS = re.compile(r"\b([^\W\d_])\.\s*")
_STABLE_ID = re.compile(r"^[0-9A-Fa-f]{16}$")


def clean_name(text: str | None) -> str:
    """A name without the blanks around and doubled blanks inside, never longer than a column of the database."""
    return " ".join((text or "").split())[:LONGEST_NAME].strip()


def stable_id(text: str | None) -> str | None:
    """The id when it is one a program keeps between its exports (16 hexadecimal digits), else None."""
    return text.upper() if text and _STABLE_ID.match(text) else None


def propose_grade(name: str) -> int | None:
    """The grade a class name states: «7-А», "10A", "12Com-A", «l0д» (a letter typed for a figure); else None.

    «01_25» is a number and a year, not a grade.
    """
    text = clean_name(name)
    if _DAMAGED_NUMBER.match(text):
        text = text[:2].translate(_LOOK_ALIKES) + text[2:]
    match = _GRADE.match(text)
    if match is None:
        return None
    grade = int(match.group(1))
    return grade if grade <= HIGHEST_GRADE else None


def looks_private(name: str) -> bool:
    """True where a class or group looks like one child or home teaching: «К інд», «Иванов П.», «7А надомное»."""
    text = clean_name(name)
    if _HOME_TEACHING.search(text) or _PERSON.match(text):
        return True
    return bool(_ONE_LETTER.match(text))


def is_placeholder(name: str) -> bool:
    """True for a vacancy or a technical name in the place of a teacher."""
    return bool(_PLACEHOLDER.search(name))


def is_extracurricular(name: str) -> bool:
    return bool(_EXTRACURRICULAR.search(name))


def is_physical_education(name: str) -> bool:
    return bool(_PHYSICAL_EDUCATION.search(name))


def person_names(name: str) -> tuple[str, str, str]:
    """Last, first and middle name as the order «Фамилия Имя Отчество» has them; initials stay with their full stops.

    Some programs write «X X» where both fields hold the same word: it is one name.
    """
    last, *given = _INITIALS.sub(r"\1. ", clean_name(name)).split() or [""]
    if given == [last]:
        given = []
    return last, " ".join(given[:1]), " ".join(given[1:])
