"""What a column of a list of people holds, told by the meaning of its heading; electronic journals order them freely.

A heading that names what must not be stored about a child (birth date, telephone, address, СНИЛС …) is `PERSONAL`: its
values are looked at only to tell two namesakes apart, and nowhere kept.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from scheduler.models.names import name_key


class Who(StrEnum):
    STUDENT = "student"
    PARENT = "parent"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    ANYBODY = "anybody"


class Piece(StrEnum):
    """Which piece of a person or a place the column holds."""

    FULL = "full"
    LAST = "last"
    FIRST = "first"
    MIDDLE = "middle"
    CLASS = "class"
    CLASSES = "classes"
    GRADE = "grade"
    LETTER = "letter"
    GROUP = "group"
    ROLE = "role"
    PERSONAL = "personal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Meaning:
    piece: Piece
    who: Who = Who.ANYBODY


_PERSONAL = re.compile(
    r"рожд|\bд р\b|телеф|\bтел\b|\bмоб|сотов|адрес|прожив|регистрац|снилс|паспорт|e ?mail|почт|\bпол\b|граждан|полис|"
    r"инвалид|здоров|диагноз|\bовз\b|логин|парол|свидетельств|документ|национал|возраст|\bинн\b|"
    r"место работы|должност|примеч|коммент",
)
_OTHER = re.compile(r"^\W*$|^№|^n$|\bп п\b|номер|предмет|кабинет|дата|балл|оценк|статус|приказ|смена|профиль")
_WHO = (
    (re.compile(r"классн\w* (?:и )?руковод|\bкл рук|классрук"), Who.CLASS_TEACHER),
    (re.compile(r"родител|представит|\bмат(?:ь|ери|ерь)\b|\bот(?:ец|ца)\b|\bмам|\bпап|опекун"), Who.PARENT),
    (re.compile(r"учител|педагог|преподават|сотрудник"), Who.TEACHER),
    (re.compile(r"учени|учащ|обуча|реб[её]н|дет(?:и|ей)\b|школьник|воспитан"), Who.STUDENT),
)
_PIECES = (
    (re.compile(r"\bфио\b|\bф и о\b|фамили\w*.*\bимя|имя.*фамил|полное имя"), Piece.FULL),
    (re.compile(r"фамили"), Piece.LAST),
    (re.compile(r"отчеств"), Piece.MIDDLE),
    (re.compile(r"\bимя\b|\bимен"), Piece.FIRST),
    (re.compile(r"групп"), Piece.GROUP),
    (re.compile(r"\bклассы\b"), Piece.CLASSES),
    (re.compile(r"параллел"), Piece.GRADE),
    (re.compile(r"литер|\bбуква"), Piece.LETTER),
    (re.compile(r"\bкласс"), Piece.CLASS),
    (re.compile(r"\bроль\b|категория|кто это|тип пользоват"), Piece.ROLE),
)


def meaning_of(heading: str) -> Meaning:
    """The meaning of a heading, two levels of it joined by a blank."""
    text = name_key(heading)
    who = next((one for sign, one in _WHO if sign.search(text)), Who.ANYBODY)
    if _PERSONAL.search(text):
        return Meaning(Piece.PERSONAL, who)
    if who in (Who.PARENT, Who.CLASS_TEACHER):
        text = re.sub(r"классн\w*", "", text)
    piece = next((one for sign, one in _PIECES if sign.search(text)), None)
    if "класс групп" in text or "класс и групп" in text:
        piece = Piece.CLASS
    if piece is None and _OTHER.search(heading.casefold().strip()):
        return Meaning(Piece.OTHER)
    if piece is None:
        return Meaning(Piece.FULL, who) if who is not Who.ANYBODY else Meaning(Piece.OTHER)
    return Meaning(piece, who)


def role_in(text: str) -> Who | None:
    """The word of a column of roles: «Ученик», «Родитель», «Учитель»."""
    return next((one for sign, one in _WHO if sign.search(name_key(text))), None)
