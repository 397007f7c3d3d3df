"""How the product logs: one JSON line an event, tracebacks without the values of variables.

Values of variables would bring tokens and names of children into the log; no event carries them either.
"""

import sys

import structlog


def configure() -> None:
    """Set the shape of every log line of this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        # standard output belongs to the commands' own answers
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
