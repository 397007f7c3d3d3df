"""The interface's words: English in the source, Russian from the `.po` files beside this module, read as they are."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).parent
LOCALES = ("ru", "en")


class _Catalogs(Domain):  # type: ignore[misc]  # the library has no types
    """All areas of a language joined in memory, so that no compiled file has to be kept in step."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return catalog(str(locale)) if locale else NullTranslations()


class _Translator(Babel):  # type: ignore[misc]  # the library has no types
    """Flask-Babel with the joined catalogues as its domain."""

    @property
    def domain_instance(self) -> Domain:
        return _DOMAIN


_DOMAIN = _Catalogs()


@cache
def catalog(locale: str) -> NullTranslations:
    """The joined catalogue of a language; English is the source itself and has none."""
    paths = sorted((FOLDER / locale).glob("*.po"))
    if not paths:
        return NullTranslations()
    joined = Catalog(locale=locale)
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id and message.string:
                    joined.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, joined)
    compiled.seek(0)
    return Translations(compiled)


def init_translations(app: Flask) -> None:
    """Russian, unless the reader chose English by `?lang=en` or the cookie that remembers it."""
    _Translator(app, default_locale="ru", locale_selector=chosen_locale)


def chosen_locale() -> str:
    """The language of this request; posts, feeds and commands are in Russian."""
    if not has_request_context():
        return "ru"
    if "locale" not in g:
        wish = request.args.get("lang") or request.cookies.get("lang")
        g.locale = wish if wish in LOCALES else "ru"
    chosen: str = g.locale
    return chosen
