"""Tokens at rest."""

import stat

import pytest

from scheduler.models.secrets import KEY_FILE, SecretError, decrypt, encrypt


@pytest.fixture
def instance(app):
    return app.config["SETTINGS"].instance


def test_encrypt_hides_the_text_and_decrypt_returns_it(app, instance):
    stored = encrypt("vk1.a.secret")

    assert "secret" not in stored
    assert decrypt(stored) == "vk1.a.secret"


def test_key_is_readable_by_its_owner_alone(app, instance):
    encrypt("any")

    assert stat.S_IMODE((instance / KEY_FILE).stat().st_mode) == 0o600
    assert list(instance.glob(f"{KEY_FILE}.*")) == []


def test_decrypt_with_another_key_is_refused_in_words(app, instance):
    stored = encrypt("any")
    (instance / KEY_FILE).unlink()

    with pytest.raises(SecretError, match="another token_key"):
        decrypt(stored)


@pytest.mark.parametrize("damaged", ["", "not a token", "не токен"])
def test_decrypt_of_a_damaged_text_is_refused(app, instance, damaged):
    with pytest.raises(SecretError):
        decrypt(damaged)
