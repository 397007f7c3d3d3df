"""How the product logs: one JSON line an event, tracebacks without the values of variables.

Values of variables would bring tokens and names of children into the log; no event carries them either. Where
standard error is a person's terminal, only what asks for attention is written, in one short line each.
"""

import logging
import sys
from datetime import datetime
from typing import Any

import structlog

_LEVELS = {"warning": "внимание", "error": "ошибка", "critical": "ошибка"}
_NO_NEWS = ("Configuration allows spawning up to", "Killing worker-")
"""Our threads wait for the database, they do not compute; and an ending that was asked for may be short."""


def configure() -> None:
    """Set the shape of every log line of this process."""
    _configure(logging.WARNING if is_for_people() else logging.NOTSET)


def hush() -> None:
    """Spare a person what fails because everything is being ended."""
    if is_for_people():
        _configure(logging.CRITICAL)


def _configure(least: int) -> None:
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_shared(), _renderer()],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        # standard output belongs to the commands' own answers
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def is_for_people() -> bool:
    """Whether a person watches: standard error is a terminal and no file or journal."""
    return sys.stderr.isatty()


def _shared() -> list[Any]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def _renderer() -> Any:
    return line_for_people if is_for_people() else structlog.processors.JSONRenderer(ensure_ascii=False)


def line_for_people(_logger: object, _name: str, event: dict[str, Any]) -> str:
    """«14:05:10 внимание: delivery_parked (chat_id 3)», a traceback below it."""
    told = dict(event)
    at = datetime.fromisoformat(told.pop("timestamp")).astimezone()
    level = _LEVELS.get(told.pop("level"), "")
    name, below = told.pop("event"), told.pop("exception", "")
    facts = ", ".join(f"{key} {value}" for key, value in sorted(told.items()))
    line = f"{at:%H:%M:%S} {level}: {name}" + (f" ({facts})" if facts else "")
    return f"{line}\n{below}" if below else line


def server_config() -> dict[str, Any]:
    """The web server's own lines in the same shape and place, for `logging.config.dictConfig`."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared(),
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
    }
    handler = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "lines"}
    return {
        "formatters": {"lines": formatter},
        "filters": {"news": {"()": _News}},
        "handlers": {"lines": {**handler, "filters": ["news"]}},
        "loggers": {"_granian": {"handlers": ["lines"], "propagate": False}},
    }


class _News(logging.Filter):
    """Drops what the server says of itself and nobody need act on."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(_NO_NEWS)
