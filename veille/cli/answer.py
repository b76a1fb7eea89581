"""How every command answers: a sentence for a person or one JSON object, and an exit code that a scheduler can trust."""

from __future__ import annotations

import functools
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pandas as pd

from veille.errors import VeilleError
from veille.watch import Watch, load_watch

EXIT_WARNINGS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say.

    Parameters
    ----------
    text
        For a person.
    data
        For `--json`: the keys of the contract.
    warnings
        What a person must see; any makes the exit code 3.
    failure
        What failed though the rest was done; it is told after the answer, and gives the exit code.
    """

    text: str
    data: dict[str, Any]
    warnings: Sequence[str] = field(default=())
    failure: VeilleError | None = None


def answering(verb: Callable[..., Answer]) -> Callable[..., None]:
    """Make a command of a function that answers: adds `--watch`, `--json` and `--debug`, prints, and exits."""

    @click.option(
        "--watch", "watch_file", default="watch.yml", show_default=True, type=click.Path(path_type=Path), help="The watch."
    )
    @click.option("--json", "as_json", is_flag=True, help="One JSON object, and nothing else, on standard output.")
    @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
    @functools.wraps(verb)
    def command(*, watch_file: Path, as_json: bool, debug: bool, **options: Any) -> None:
        try:
            answer = verb(watch_file, **options)
        except VeilleError as error:
            if debug:
                traceback.print_exc()
            _print_error(error, as_json)
            sys.exit(error.exit_code)
        except Exception as error:  # noqa: BLE001 - whatever it is, a scheduler gets one sentence and an exit code
            if debug:
                traceback.print_exc()
            _print_error(
                VeilleError(f"{type(error).__name__}: {error}", "run it again with --debug for the traceback"), as_json
            )
            sys.exit(VeilleError.exit_code)
        failure = answer.failure
        if as_json:
            told = {"error": failure.message, "hint": failure.hint} if failure else {}
            click.echo(json.dumps({**answer.data, **told}, ensure_ascii=False, default=str))
        else:
            click.echo(answer.text)
        for warning in answer.warnings:
            click.echo(f"warning: {warning}", err=True)
        if failure:
            if debug:
                traceback.print_exception(failure)
            _print_error(failure, as_json=False)
            sys.exit(failure.exit_code)
        sys.exit(EXIT_WARNINGS if answer.warnings else 0)

    return command


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as JSON has them: times in ISO 8601, missing values as null."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso", force_ascii=False))
    return rows


def read_watch(file: Path) -> Watch:
    """Return the watch of `--watch`."""
    return load_watch(file)


def _print_error(error: VeilleError, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": error.message, "hint": error.hint}, ensure_ascii=False))
    click.echo(f"veille: {error.message}" + (f"\n        {error.hint}" if error.hint else ""), err=True)
