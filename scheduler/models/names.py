"""Normal forms under which names are compared: classes, people, subjects, rooms."""

import re

_LATIN_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
_NOT_WORD = re.compile(r"[\W_]+")  # letters of every alphabet stay: Tatar, Yakut and Ukrainian names are real


def name_key(name: str) -> str:
    """Lower case, «ё» as «е», one space between words, no quotes or full stops."""
    return _NOT_WORD.sub(" ", name.lower().replace("ё", "е")).strip()


def class_key(label: str) -> str:
    """The normal form of a class label: 7А, 7 А, 7-А, 7 «А», 7а and the Latin 7A are the same."""
    plain = name_key(label)
    if re.match(r"^\d{1,2} ?[a-zа-я]$", plain):
        plain = plain.translate(_LATIN_LOOKALIKES)
    return plain.replace(" ", "")


def shown_class(label: str) -> str:
    """A class as posts and pages write it: «7 «А»», its group «7 «А» (группа 1)»; a free label stays as it is."""
    found = re.match(r"^\s*(\d{1,2})\s*[-–]?\s*[«\"„]?\s*([А-ЯЁа-яё])\s*[»\"“]?(\s+\(.+\))?\s*$", label)
    return f"{found[1]} «{found[2].upper()}»{found[3] or ''}" if found else label.strip()
