"""Commands that measure: how well what veille reads agrees with what people say."""

from __future__ import annotations

from pathlib import Path

import click

from veille.cli.answer import Answer, answering


@click.command("evaluate")
@click.argument("what", type=click.Choice(["sentiment", "topics", "stream", "stories", "language"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "mapping", multiple=True, metavar="NAME=COLUMN", help="Where the file calls a column otherwise.")
@click.option("--level", type=click.Choice(["fine", "coarse"]), default="fine", show_default=True, help="For topics.")
@answering
def evaluate_command(watch_file: Path, what: str, file: Path, mapping: tuple[str, ...], level: str) -> Answer:
    """Measure on labelled texts in FILE: text,label; for stream also batch; for stories text,story."""
    # Late: scikit-learn's metrics and the models are for this command only.
    from veille.evaluate import evaluate

    del watch_file
    metrics = evaluate(what, file, mapping=mapping, level=level)
    return Answer("\n".join(f"{name}: {value}" for name, value in metrics.items()), metrics)


COMMANDS = (evaluate_command,)
