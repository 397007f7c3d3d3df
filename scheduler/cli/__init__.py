"""The `scheduler` command: every sub-command calls one use case and prints what it did.

Exit codes: 0 done, 1 refused with the reason on standard error, 2 wrong usage.
"""

import sys

import click

from scheduler.cli import backup, exporting, importing, plan, remote_day, schools, service
from scheduler.config import ConfigError
from scheduler.imports.errors import ImportRefusedError
from scheduler.planning.errors import PlanningError


class _Refusals(click.Group):
    """Refusals of use cases become one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (PlanningError, ImportRefusedError, ConfigError) as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.group(cls=_Refusals, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """«Звонок»: remote lessons of a school, its calendars and class chats."""


for module in (schools, plan, remote_day, importing, exporting, service, backup):
    for command in module.COMMANDS:
        main.add_command(command)
