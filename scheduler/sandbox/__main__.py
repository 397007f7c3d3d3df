"""`python -m scheduler.sandbox`: serves until it is told to end. Ending loses nothing."""

import logging
import os
import signal

from waitress import serve

from scheduler.sandbox.app import close, create_app
from scheduler.sandbox.server import THREADS, options
from scheduler.sandbox.settings import from_environment


def _end(_number: int, _frame: object) -> None:
    os._exit(0)  # waiting long polls would hold a tidy end for seconds


def main() -> None:
    """Raises ValueError on a setting that is no number."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # cut answers are ordered here, not mishaps
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    settings = from_environment()
    app = create_app(settings)
    host = os.environ.get("SANDBOX_HOST") or "127.0.0.1"
    try:
        serve(app, host=host, port=settings.port, _quiet=True, **options(THREADS))
    finally:
        close(app)


if __name__ == "__main__":
    main()
