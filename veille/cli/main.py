"""The group of commands, and where their clock is read."""

from __future__ import annotations

import click

from veille import __version__
from veille.cli import (
    act,
    alert,
    begin,
    bring,
    desk,
    forget,
    health,
    label,
    look,
    measure,
    pictures,
    produce,
    release,
    relive,
    speak,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="veille")
def main() -> None:
    """Turn what is said in public about an organisation into a weekly bulletin for its leadership.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 done with warnings a person must see, 4 another run holds its lock.
    """


for command in (
    *begin.COMMANDS,
    *bring.COMMANDS,
    *produce.COMMANDS,
    *release.COMMANDS,
    *look.COMMANDS,
    *act.COMMANDS,
    *alert.COMMANDS,
    *desk.COMMANDS,
    *speak.COMMANDS,
    *label.COMMANDS,
    *pictures.COMMANDS,
    *measure.COMMANDS,
    *relive.COMMANDS,
    *forget.COMMANDS,
    *health.COMMANDS,
):
    main.add_command(command)
