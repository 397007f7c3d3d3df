"""Pasted addresses of calls."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calls.room import LinkRefusedError, checked_host, checked_room_url

CODE = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE"
VK = f"https://vk.com/call/join/{CODE}"
MAX = f"https://max.ru/joincall/{CODE}"
KNOWN_HOSTS = {"max.ru", "vk.com", "m.vk.com", "vk.ru", "m.vk.ru", "sferum.ru"}


@pytest.fixture(autouse=True)
def _words(app_for_words):
    """Refusals are said in words, which need an application."""


def refusal(text, hosts=()):
    with pytest.raises(LinkRefusedError) as caught:
        checked_room_url(text, hosts)
    assert caught.value.text
    return caught.value.code


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        (MAX, MAX),
        (VK, VK),
        (f"https://vk.ru/call/join/{CODE}", f"https://vk.ru/call/join/{CODE}"),
        (f"https://m.vk.com/call/join/{CODE}?from=chat&utm_source=max", f"https://m.vk.com/call/join/{CODE}"),
        (f"HTTPS://VK.COM:443/call/join/{CODE}#top", VK),
        (f"  vk.com/call/join/{CODE}\n", VK),
        (f"https://sferum.ru/?call_link={CODE}&yclid=1", f"https://sferum.ru/?call_link={CODE}"),
        (f"Урок алгебры, подключайтесь ({VK}).", VK),
    ],
)
def test_a_call_of_a_known_service_is_taken(pasted, stored):
    assert checked_room_url(pasted) == stored


@pytest.mark.parametrize(
    "pasted",
    [
        "https://zoom.us/j/123",
        "https://us04web.zoom.us/j/123?pwd=x",
        "https://meet.google.com/abc-defg-hij",
        "https://teams.microsoft.com/l/meetup-join/1",
        "https://join.skype.com/abc",
        "t.me/joinchat/abc",
        "https://chat.whatsapp.com/abc",
    ],
)
def test_a_foreign_service_is_refused_even_where_the_school_lists_it(pasted):
    assert refusal(pasted, ["zoom.us", "t.me", "meet.google.com"]) == "FOREIGN_SERVICE"


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "NO_LINK"),
        ("ссылка в чате", "NO_LINK"),
        ("https://", "NO_LINK"),
        ("https://[::1", "NO_LINK"),
        (f"{VK} {MAX}", "NO_LINK"),
        ("https://vk.com/" + "a" * 3000, "NO_LINK"),
        (f"https://vk.com:8443/call/join/{CODE}", "NO_LINK"),
        (f"https://vk.com:bad/call/join/{CODE}", "NO_LINK"),
        (f"https://user:word@vk.com/call/join/{CODE}", "NO_LINK"),
        (f"http://vk.com/call/join/{CODE}", "NOT_HTTPS"),
        (f"javascript://vk.com/call/join/{CODE}", "NOT_HTTPS"),
        ("https://vk.com/club1", "NOT_A_CALL"),
        ("https://max.ru/join/abcdefgh", "NOT_A_CALL"),
        ("https://sferum.ru/?p=start", "NOT_A_CALL"),
        (f"https://sferum.ru/?call_link={CODE}&call_link={CODE}", "NOT_A_CALL"),
        (f"https://vk.com.evil.ru/call/join/{CODE}", "UNKNOWN_HOST"),
        (f"https://evil-vk.com/call/join/{CODE}", "UNKNOWN_HOST"),
        (f"https://www.vk.com/call/join/{CODE}", "UNKNOWN_HOST"),
        ("https://telemost.yandex.ru/j/123", "UNKNOWN_HOST"),
    ],
)
def test_anything_else_is_refused_with_its_reason(pasted, code):
    assert refusal(pasted) == code


def test_a_host_of_the_schools_list_keeps_its_password_and_loses_its_trackers():
    pasted = "https://jazz.sber.ru/abc123?psw=Secret&utm_campaign=x#join"

    assert checked_room_url(pasted, ["Jazz.sber.ru "]) == "https://jazz.sber.ru/abc123?psw=Secret#join"
    assert refusal("https://jazz.sber.ru/", ["jazz.sber.ru"]) == "NOT_A_CALL"


@pytest.mark.parametrize(
    ("typed", "host"), [(" Telemost.Yandex.ru/ ", "telemost.yandex.ru"), ("https://bbb.school.ru/b/1", "bbb.school.ru")]
)
def test_checked_host_takes_a_name_or_an_address(typed, host):
    assert checked_host(typed) == host


@pytest.mark.parametrize(
    ("typed", "code"), [("zoom.us", "FOREIGN_SERVICE"), ("не сервис", "NO_LINK"), ("//", "NO_LINK")]
)
def test_checked_host_refuses_the_rest(typed, code):
    with pytest.raises(LinkRefusedError) as caught:
        checked_host(typed)
    assert caught.value.code == code


@given(st.text(max_size=60) | st.from_regex(r"(https?:)?//[a-z@:.\[\]]{0,20}(vk\.com|max\.ru)[/?#:@a-z.]{0,30}"))
def test_whatever_is_pasted_only_known_hosts_come_out(text):
    try:
        url = checked_room_url(text)
    except LinkRefusedError:
        return
    assert url.split("/")[0] == "https:"
    assert url.split("/")[2] in KNOWN_HOSTS


@given(
    st.sampled_from(["max.ru/joincall", "vk.com/call/join", "m.vk.ru/call/join"]),
    st.from_regex(r"[A-Za-z0-9_-]{16,128}", fullmatch=True),
    st.dictionaries(st.sampled_from(["utm_source", "a", "pwd", "fbclid"]), st.text(max_size=8), max_size=3),
)
def test_checking_twice_changes_nothing_more(place, code, query):
    once = checked_room_url(f"https://{place}/{code}?{urlencode(query)}")

    assert checked_room_url(once) == once
    assert "utm_source=" not in once
