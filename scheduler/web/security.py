"""The headers and cookies that keep pages from being misused, and the token that every form must bring."""

from flask import Flask, current_app, g, request
from flask.wrappers import Response
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

csrf = CSRFProtect()
"""The form check; only messengers' webhooks are exempt: `@csrf.exempt`."""

# Nothing from elsewhere, nothing inline: neither <script>, <style> nor style="…" works in any page.
CONTENT_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Addresses hold tokens: nobody else is told them. Not `no-referrer`, because the form check over https reads it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
YEAR_OF_HTTPS = "max-age=31536000; includeSubDomains"


def init_security(app: Flask) -> None:
    """Set up cookies, the form check and the headers."""
    settings = app.config["SETTINGS"]
    app.config.update(
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form left open for a lesson is still good; it ends with the sign-in
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # Flask's way
    csrf.init_app(app)
    app.after_request(harden)


def harden(response: Response) -> Response:
    """Add the headers; a view that set one of them itself keeps its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].is_secure:
        response.headers.setdefault("Strict-Transport-Security", YEAR_OF_HTTPS)
    if g.get("visitor") is not None and request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
