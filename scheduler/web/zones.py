"""The time zones of Russia in the order of the clock, with the cities by which a person knows them."""

from zoneinfo import ZoneInfo

from scheduler import clock

CITIES = {
    "Europe/Kaliningrad": "Калининград",
    "Europe/Moscow": "Москва, Санкт-Петербург, Волгоград",
    "Europe/Samara": "Самара, Саратов, Ижевск",
    "Asia/Yekaterinburg": "Екатеринбург, Пермь, Уфа, Тюмень",
    "Asia/Omsk": "Омск",
    "Asia/Krasnoyarsk": "Красноярск, Новосибирск, Томск, Барнаул",
    "Asia/Irkutsk": "Иркутск, Улан-Удэ",
    "Asia/Yakutsk": "Якутск, Чита, Благовещенск",
    "Asia/Vladivostok": "Владивосток, Хабаровск",
    "Asia/Magadan": "Магадан, Южно-Сахалинск",
    "Asia/Kamchatka": "Петропавловск-Камчатский, Анадырь",
}
MOSCOW = "Europe/Moscow"


def zone_words(kept: str = MOSCOW) -> dict[str, str]:
    """Each zone with its distance from Moscow; a zone that is kept already stands among them whatever it is."""
    known = CITIES if kept in CITIES else {kept: kept, **CITIES}
    return {zone: f"{_from_moscow(zone)}: {cities}" for zone, cities in known.items()}


def _from_moscow(zone: str) -> str:
    hours = minutes_from_utc(zone) - minutes_from_utc(MOSCOW)
    return "МСК" if not hours else f"МСК{hours / 60:+g}".replace("-", "−")


def minutes_from_utc(zone: str) -> int:
    """How far the zone's clock is ahead now, in minutes: what a browser tells of its own."""
    offset = clock.now().astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0
