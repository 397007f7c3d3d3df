"""A Russian surname in the genitive («вместо Ивановой», «вместо Петренко»): pure, and silent where it is not sure.

By the endings of the school grammar; whose gender cannot be told from the patronymic or the surname keeps the
nominative, which is never wrong enough to offend.
"""

from enum import Enum

_FEMALE_PATRONYMICS = ("вна", "чна", "шна", "кызы", "гызы")
_MALE_PATRONYMICS = ("вич", "ьич", "оглы", "углы")
_FEMALE_SURNAMES = ("ова", "ева", "ёва", "ина", "ына", "ская", "цкая", "ая", "яя")
_MALE_SURNAMES = ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий", "ий", "ый", "ой")
_UNCHANGED = ("о", "е", "ё", "и", "у", "ю", "ы", "э", "ых", "их")
_HUSHING_AND_BACK = "гкхжчшщ"


class Gender(Enum):
    FEMALE = "female"
    MALE = "male"


def genitive_surname(last_name: str, middle_name: str = "") -> str:
    """«Иванова» → «Ивановой», «Петров» → «Петрова», «Ким» of a woman stays «Ким»."""
    gender = _gender(last_name.lower(), middle_name.lower())
    if gender is None:
        return last_name
    decline = _female if gender is Gender.FEMALE else _male
    return "-".join(decline(part) for part in last_name.split("-"))


def _gender(last_name: str, middle_name: str) -> Gender | None:
    if middle_name.endswith(_FEMALE_PATRONYMICS):
        return Gender.FEMALE
    if middle_name.endswith(_MALE_PATRONYMICS):
        return Gender.MALE
    if last_name.endswith(_FEMALE_SURNAMES):
        return Gender.FEMALE
    return Gender.MALE if last_name.endswith(_MALE_SURNAMES) else None


def _female(surname: str) -> str:
    if surname.endswith(("ова", "ева", "ёва", "ина", "ына", "ая")):
        return surname[:-2] + "ой" if surname.endswith("ая") else surname[:-1] + "ой"
    if surname.endswith("яя"):
        return surname[:-2] + "ей"
    return _with_a(surname) if surname.endswith(("а", "я")) else surname


def _male(surname: str) -> str:
    if surname.endswith(_UNCHANGED):
        return surname
    if surname.endswith(("ий", "ый", "ой")) and len(surname) > len("Цой"):
        return surname[:-2] + ("его" if surname.endswith("ий") and surname[-3] not in "гкх" else "ого")
    if surname.endswith(("й", "ь")):
        return surname[:-1] + "я"
    return _with_a(surname) if surname.endswith(("а", "я")) else surname + "а"


def _with_a(surname: str) -> str:
    """Those in «а» and «я»: «Сковорода» → «Сковороды», «Галка» → «Галки»; after a vowel («Гулиа») nothing changes."""
    if surname[-2:-1] in "аеёиоуыэюя" and surname.endswith("а"):
        return surname
    is_soft = surname.endswith("я") or surname[-2] in _HUSHING_AND_BACK
    return surname[:-1] + ("и" if is_soft else "ы")
