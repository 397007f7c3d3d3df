"""Which day of the week a name means, in the languages that timetable programs are used in. 0 is Monday.

A name may carry more than the day («А-Понедельник», «Monday (12 Jan)», «monday2»): `weekday_in` finds the word,
`without_weekday` answers what is left. A guess is never made: an unknown name answers None.
"""

import re
import unicodedata

DAYS = 7
SUNDAY = 6
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
_VIETNAMESE = re.compile(r"\bthu\s*([2-7])\b")
_HEBREW_ARABIC = {"ראשון": 6, "שני": 0, "שלישי": 1, "רביעי": 2, "חמישי": 3, "שישי": 4, "שבת": 5}
# beginnings of words, without accents; the longer ones decide where two begin alike
_STEMS: tuple[tuple[str, ...], ...] = (
    ("понед", "пон", "пн", "понедил", "панядз", "дуйш", "дуиш", "душамб", "mon", "lun", "lundi", "segunda", "dilluns",
     "montag", "maandag", "pon", "pond", "hetfo", "pazartesi", "δευ", "pirmad", "esmasp", "maanant", "senin", "isnin",
     "astelehen", "mandag", "дүйсен", "ponedel"),
    ("втор", "вто", "вт", "вівт", "аутор", "сейш", "сеиш", "сешан", "tue", "mar", "mardi", "martes", "marti", "terca",
     "dimarts", "dienstag", "die", "dinsdag", "wto", "uter", "utor", "kedd", "sali", "τρι", "antrad", "otrd", "teisip",
     "tiist", "selasa", "asteart", "tirsdag", "tisdag", "сейсен", "вiвт"),
    ("сред", "сре", "ср", "серед", "сер", "серад", "сряд", "шаршем", "шарш", "чорш", "wed", "mie", "mier", "mercr",
     "mercol", "miercol", "miercuri", "quarta", "dimecres", "mittwoch", "mitt", "woensdag", "sro", "srod", "stred",
     "szerd", "carsamba", "τετ", "treciad", "tresd", "kolmap", "keskiv", "rabu", "asteazk", "onsdag", "сәрсен",
     "srijed", "sred"),
    ("четв", "чет", "чт", "чац", "бейш", "беиш", "панчш", "thu", "jue", "jeud", "giov", "joi", "quinta", "dijous",
     "donnerst", "don", "donderdag", "czw", "ctvr", "stvrt", "cetvr", "csutort", "persembe", "πεμ", "ketvirt", "ceturt",
     "neljap", "torst", "kamis", "ostegun", "torsdag", "бейсен"),
    ("пятн", "пят", "пт", "п'ят", "п’ят", "пет", "петък", "петак", "жум", "fri", "vie", "viern", "vend", "vener",
     "vineri", "sexta", "divendres", "freitag", "vrijdag", "pia", "piat", "pat", "pet", "pentek", "cuma", "παρ",
     "penktad", "piektd", "reede", "perjant", "jumat", "ostiral", "fredag", "жұма"),
    ("субб", "суб", "сб", "съб", "субота", "ишемб", "ишен", "шанб", "sat", "sab", "samedi", "sabad", "sambat",
     "dissabte", "samstag", "sonnabend", "zaterdag", "sob", "szomb", "cumartesi", "σαβ", "sestad", "sestd", "laup",
     "lauant", "sabtu", "larunb", "lordag", "сенбі"),
    ("воскр", "вос", "вс", "нед", "неділ", "нядз", "жекшем", "якш", "sun", "dom", "dimanche", "domin", "duminic",
     "diumenge", "sonntag", "zondag", "nied", "ned", "vasarn", "pazar", "κυρ", "sekmad", "svetd", "puhap", "sunnunt",
     "minggu", "ahad", "igande", "sondag", "жексен"),
)  # fmt: skip
_BY_STEM = {stem: day for day, stems in enumerate(_STEMS) for stem in stems}
_LONGEST = max(map(len, _BY_STEM))
_SHORT_MUST_BE_WHOLE = 2


def weekday_in(text: str) -> int | None:
    """The weekday that a name holds; None where it holds none or several different ones."""
    plain = _plain(text)
    if numbered := _VIETNAMESE.search(plain):
        return int(numbered.group(1)) - 2
    if "chu nhat" in plain:
        return SUNDAY
    found = {day for word in _words(plain) if (day := _of_word(word)) is not None}
    return found.pop() if len(found) == 1 else None


def _words(plain: str) -> list[str]:
    """The words of a name. «неделя» is Sunday in Bulgarian and a week in Russian: a day or a number beside it tells."""
    words: list[str] = _WORD.findall(plain)
    others = [word for word in words if not word.startswith("недел")]
    return others if others or re.search(r"\d", plain) else words


def without_weekday(text: str) -> str:
    """What stands in a day's name beside the weekday: the mark of a week, a half of the day, a date."""
    text = re.sub(r"(?i)thứ\s*[2-7]|chủ nhật", " ", text)
    meant = set(_words(_plain(text)))
    for word in _WORD.findall(text):
        if _plain(word) not in meant or _of_word(_plain(word)) is None:
            continue
        text = text.replace(word, " ", 1)
    return " ".join(re.sub(r"[-–—_/.,:()]+", " ", text).split())


def _plain(text: str) -> str:
    """Lower case without accents; «й» and «ё» stay letters of their own."""
    kept = text.casefold().replace("й", "\0").replace("đ", "d").replace("ł", "l").replace("ı", "i")
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(letter))
    return plain.replace("\0", "й")


def _of_word(word: str) -> int | None:
    if word in _HEBREW_ARABIC:
        return _HEBREW_ARABIC[word]
    for length in range(min(_LONGEST, len(word)), 1, -1):
        stem = word[:length]
        if stem in _BY_STEM and (length > _SHORT_MUST_BE_WHOLE or len(word) == length):
            return _BY_STEM[stem]
    return None
