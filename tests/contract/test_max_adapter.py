"""The MAX adapter against the sandbox over a real socket: every answer becomes the right kind of error."""

import ssl
from datetime import UTC, datetime, timedelta

import certifi
import pytest

from scheduler.chats import max as adapter
from scheduler.chats.max import MaxMessenger
from scheduler.chats.messenger import DeliveryError, Kind
from scheduler.chats.transport import Transport

BUTTONS = [[{"text": "Все уроки", "url": "http://school.test/t/abc?m=b1-1-1"}]]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def bot(box):
    transport = Transport(box.api, "sandbox-max-token", connect=0.5, read=0.4)
    yield MaxMessenger(transport)
    transport.close()


def kind_of(call, *args, **kwargs):
    with pytest.raises(DeliveryError) as caught:
        call(*args, **kwargs)
    return caught.value.kind


def test_message_is_sent_edited_found_and_deleted(box, bot):
    chat = box.chat()
    sent = bot.send(chat, "Урок в 9:00", BUTTONS, loud=False)
    bot.edit(sent.message_id, "Урок в 10:00", BUTTONS)
    (seen,) = bot.find_own(chat, sent.at - timedelta(minutes=1))
    assert (seen.message_id, seen.mark, seen.text, seen.url) == (
        sent.message_id, "b1-1-1", "Урок в 10:00", BUTTONS[0][0]["url"],
    )  # fmt: skip
    (standing,) = box.standing(chat)
    assert (standing["text"], standing["notify"]) == ("Урок в 10:00", False)
    bot.delete(sent.message_id)
    assert box.standing(chat) == []


def test_only_marked_messages_since_an_instant_are_found(box, bot):
    chat = box.chat()
    bot.send(chat, "без кнопки", [], loud=True)
    bot.send(chat, "с другой кнопкой", [[{"text": "Сайт", "url": "http://school.test/"}]], loud=True)
    sent = bot.send(chat, "наше", BUTTONS, loud=True)
    assert [seen.text for seen in bot.find_own(chat, LONG_AGO)] == ["наше"]
    assert [seen.text for seen in bot.find_own(chat, sent.at + timedelta(hours=1))] == ["наше"]  # a clock too fast


def test_own_message_is_found_behind_a_hundred_others(box, bot):
    chat = box.chat()
    bot.send(chat, "наше", BUTTONS, loud=True)
    for number in range(105):
        bot.send(chat, f"{number}", [], loud=False)
    assert [seen.text for seen in bot.find_own(chat, LONG_AGO)] == ["наше"]


def test_bot_knows_itself_chat_and_rights(box, bot):
    chat = box.chat("7 «А» родители", members=[{"name": "Анна Петрова"}])
    assert bot.me() == 50_100_001
    assert bot.info(chat).title == "7 «А» родители"
    assert (bot.rights(chat).is_admin, bot.rights(chat).can_read) == (True, True)


def test_updates_are_read_by_marker(box, bot):
    chat = box.chat(bot_admin=True)
    updates, marker = bot.updates(None, wait=0)
    assert [(update["update_type"], update["chat_id"]) for update in updates] == [("bot_added", chat)]
    assert bot.updates(marker, wait=0) == ([], marker)


def test_webhook_is_subscribed(box, bot):
    bot.subscribe("https://school.test/max/webhook/key", "secret-secret")
    assert kind_of(bot.updates, None, wait=0) is Kind.BAD_REQUEST


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 500}, Kind.UNKNOWN),
        ({"status": 503}, Kind.UNKNOWN),
        ({"status": 502}, Kind.UNKNOWN),
        ({"status": 200}, Kind.UNKNOWN),
        ({"status": 200, "body": ""}, Kind.UNKNOWN),
        ({"status": 200, "body": {"success": False, "message": "no"}}, Kind.BAD_REQUEST),
        ({"status": 200, "body": {"message": {}}}, Kind.UNKNOWN),
        ({"status": 400}, Kind.BAD_REQUEST),
        ({"status": 401}, Kind.AUTH),
        ({"status": 403}, Kind.GONE),
        ({"status": 403, "code": "access.denied"}, Kind.RIGHTS),
        ({"status": 403, "code": "verify.token"}, Kind.AUTH),
        ({"status": 404}, Kind.GONE),
        ({"status": 404, "code": "not.found"}, Kind.MISSING),
        ({"status": 429}, Kind.THROTTLE),
        ({"drop_after_accept": True}, Kind.UNKNOWN),
        ({"truncate": True}, Kind.UNKNOWN),
        ({"delay_s": 0.8}, Kind.UNKNOWN),
    ],
)
def test_answer_to_a_sending_has_its_kind(box, bot, fault, kind):
    chat = box.chat()
    box.fault(**fault)
    assert kind_of(bot.send, chat, "Урок", BUTTONS, loud=True) is kind


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 200, "body": {"success": False, "message": "no"}}, Kind.LATE),
        ({"status": 400, "body": {"code": "proto.payload", "message": "Message is too old to edit"}}, Kind.LATE),
        ({"status": 400}, Kind.BAD_REQUEST),
        ({"status": 500}, Kind.UNKNOWN),
    ],
)
def test_answer_to_an_edit_has_its_kind(box, bot, fault, kind):
    sent = bot.send(box.chat(), "Урок", BUTTONS, loud=True)
    box.fault("PUT", **fault)
    assert kind_of(bot.edit, sent.message_id, "Другое", BUTTONS) is kind


@pytest.mark.parametrize(
    ("fault", "kind"),
    [({"status": 500}, Kind.TRANSIENT), ({"status": 200}, Kind.TRANSIENT), ({"delay_s": 0.8}, Kind.TRANSIENT)],
)
def test_reading_may_always_be_tried_again(box, bot, fault, kind):
    chat = box.chat()
    box.fault("GET", **fault)
    assert kind_of(bot.find_own, chat, LONG_AGO) is kind


def test_retry_after_is_read_in_seconds(box, bot):
    chat = box.chat()
    for header, seconds in ((7, 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None)):
        box.fault(status=429, retry_after=header)
        with pytest.raises(DeliveryError) as caught:
            bot.send(chat, "Урок", BUTTONS, loud=True)
        assert caught.value.retry_after == seconds


def test_message_that_is_not_there_is_missing(box, bot):
    chat = box.chat()
    sent = bot.send(chat, "Урок", BUTTONS, loud=True)
    bot.delete(sent.message_id)
    assert kind_of(bot.edit, sent.message_id, "Другое", BUTTONS) is Kind.MISSING


def test_removed_bot_is_gone(box, bot):
    chat = box.chat()
    box.ask("POST", f"/chats/{chat}/remove-bot")
    assert kind_of(bot.send, chat, "Урок", BUTTONS, loud=True) is Kind.GONE


def test_unreadable_chat_is_a_matter_of_rights(box, bot):
    assert kind_of(bot.find_own, box.chat(bot_admin=False), LONG_AGO) is Kind.RIGHTS


def test_wrong_token_is_refused(box):
    transport = Transport(box.api, "another")
    assert kind_of(MaxMessenger(transport).me) is Kind.AUTH
    transport.close()


def test_nobody_there_is_surely_not_sent():
    transport = Transport("http://127.0.0.1:9", "token", connect=0.3, read=0.3)
    assert kind_of(MaxMessenger(transport).send, 1, "Урок", BUTTONS, loud=True) is Kind.TRANSIENT
    transport.close()


def test_foreign_certificates_are_named_by_a_file(tmp_path):
    transport = Transport("https://127.0.0.1:9", "token", ca_bundle=certifi.where(), connect=0.2)
    assert kind_of(MaxMessenger(transport).me) is Kind.TRANSIENT
    transport.close()
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with pytest.raises(ssl.SSLError):
        Transport("https://127.0.0.1:9", "token", ca_bundle=str(broken))


def test_too_busy_a_chat_cannot_be_looked_through(box, bot, monkeypatch):
    monkeypatch.setattr(adapter, "PAGE", 1)
    chat = box.chat()
    for number in range(12):
        bot.send(chat, f"{number}", [], loud=False)
    assert kind_of(bot.find_own, chat, LONG_AGO) is Kind.RIGHTS
