import pytest

from scheduler.imports.weekdays import weekday_in, without_weekday


@pytest.mark.parametrize(
    "names",
    [
        "Понедельник Вторник Среда Четверг Пятница Суббота Воскресенье",
        "пн вт ср чт пт сб вс",
        "Понеділок Вівторок Середа Четвер П'ятниця Субота Неділя",
        "Понеделник Вторник Сряда Четвъртък Петък Събота Неделя",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Mon Tue Wed Thu Fri Sat Sun",
        "Lunes Martes Miércoles Jueves Viernes Sábado Domingo",
        "Segunda Terça Quarta Quinta Sexta Sábado Domingo",
        "Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Lunedì Martedì Mercoledì Giovedì Venerdì Sabato Domenica",
        "Luni Marți Miercuri Joi Vineri Sâmbătă Duminică",
        "Poniedziałek Wtorek Środa Czwartek Piątek Sobota Niedziela",
        "Hétfő Kedd Szerda Csütörtök Péntek Szombat Vasárnap",
        "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
        "Δευτέρα Τρίτη Τετάρτη Πέμπτη Παρασκευή Σάββατο Κυριακή",
    ],
)
def test_days_are_known_in_many_languages(names):
    assert [weekday_in(name) for name in names.split()] == list(range(7))


@pytest.mark.parametrize(
    ("name", "day", "rest"),
    [
        ("Thứ 2", 0, ""),
        ("Thứ 7", 5, ""),
        ("Chủ nhật", 6, ""),
        ("А-Понедельник", 0, "А"),
        ("monday2", 0, "2"),
        ("1 неделя, вторник", 1, "1 неделя"),
        ("Week B Friday", 4, "Week B"),
        ("Monday (12 Jan)", 0, "12 Jan"),
    ],
)
def test_what_stands_beside_the_day_is_kept(name, day, rest):
    assert (weekday_in(name), without_weekday(name)) == (day, rest)


@pytest.mark.parametrize("name", ["", "1", "День 1", "март", "неделя 1", "Monday or Friday"])
def test_no_day_is_guessed(name):
    assert weekday_in(name) is None
