"""The command line: parse, call one verb, print. Nothing is decided here."""

from veille.cli.main import main

__all__ = ["main"]
