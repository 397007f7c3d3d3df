"""Blueprints and forms, one module a group of screens."""

from flask import Flask


def init_web(app: Flask) -> None:
    """Register every blueprint, the sign-in and the error pages."""
