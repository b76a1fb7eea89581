"""Checks of delivery: whether what is released can reach its readers, and what fails somebody who mends it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from veille.doctor.check import Check
from veille.edition.pdf import printer
from veille.watch import Watch


def delivery_checks(watch: Watch) -> Iterator[Check]:
    """Yield the checks of delivery; a watch that writes to nobody has one, that says so."""
    delivery = watch.delivery
    written_to = f"{len(delivery.readers)} readers, {len(delivery.cards)} chats"
    if not delivery.readers and not delivery.cards:
        yield Check("readers", True, "nobody is written to: editions are read where they lie")
    elif delivery.readers and delivery.mail is None:
        yield Check("readers", False, f"{written_to} and no mail server", "set delivery.mail in watch.yml")
    else:
        yield Check("readers", True, written_to)
    if (delivery.readers or delivery.cards) and not delivery.failures:
        yield Check(
            "failures", False, "nobody is told when an edition fails or is late", "name mail addresses in delivery.failures"
        )
    if delivery.pdf:
        yield _print(watch)


def _print(watch: Watch) -> Check:
    tool = printer()
    if tool is None:
        return Check("print.pdf", False, "nothing here prints", "install chromium or weasyprint, or leave delivery.pdf out")
    if watch.delivery.pdf is not True:
        place = watch.resolve(str(watch.delivery.pdf))
        nearest = next(folder for folder in (place, *place.parents) if folder.exists())
        if not os.access(nearest, os.W_OK):
            return Check(
                "print.pdf", False, f"{place} cannot be written", "give the right to write there, or name another folder"
            )
    return Check("print.pdf", True, tool)
