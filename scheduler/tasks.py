"""The task engine: it only wakes, retries and spreads work; each task is a few lines that call one use case."""

from flask import Flask


def init_tasks(app: Flask) -> None:
    """Connect the wake-up after a commit with the engine."""
