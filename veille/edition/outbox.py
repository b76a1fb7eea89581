"""What is owed about editions: queued before it is sent, each attempt written, nothing lost and nothing sent twice.

As `veille.alerts.outbox` does for alerts, whose table of attempts it shares. A newer edition of the same week takes the
place of one that could not be sent: nobody gets what has been corrected meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from veille.alerts import channels
from veille.alerts.channels import Attempt, Route
from veille.alerts.outbox import next_try
from veille.alerts.tables import DELIVERIES, Outcome
from veille.bulletin.files import for_reader
from veille.edition.mailing import bulletin_mail, card, failure_mail
from veille.edition.tables import OUTGOING, Parcel
from veille.errors import DeliveryError, EditionError
from veille.language import Language
from veille.masking import mask_terms
from veille.store import Store
from veille.watch import Watch, confidential_terms

GIVEN_UP_AFTER = timedelta(days=3)
_EVERY = timedelta(minutes=15)


@dataclass
class Post:
    """One round of what editions owe.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    folder_of
        Gives the folder of a run.
    environment
        Where the variables of channels are looked for.
    """

    watch: Watch
    store: Store
    folder_of: Callable[[str], Path]
    environment: Mapping[str, str]
    sent: list[dict[str, object]] = field(default_factory=list)
    failed: list[dict[str, object]] = field(default_factory=list)
    pending: list[dict[str, object]] = field(default_factory=list)
    _down: set[str] = field(default_factory=set)

    def owe(self, kind: Parcel, week: str, run_id: str, at: datetime, *, key: str = "", said: str = "") -> bool:
        """Write what is owed to everyone who gets such a thing; return whether any of it is new.

        Parameters
        ----------
        kind
            What; a bulletin goes to the readers, a card to chats, a failure to those who are told of failures.
        week, run_id
            What it speaks of.
        at
            When.
        key
            What makes it the same again; the run where it is left out.
        said
            What a failure notice says.
        """
        targets = {
            Parcel.BULLETIN: [digest(reader.mail) for reader in self.watch.delivery.readers],
            Parcel.CARD: list(self.watch.delivery.cards),
            # That it was noticed is kept even where nobody is to be told: it is noticed once.
            Parcel.FAILURE: [digest(address) for address in self.watch.delivery.failures] or [""],
        }[kind]
        rows = [
            {
                "outgoing_id": "o" + digest(kind, key or run_id, target),
                "kind": str(kind),
                "week": week,
                "run_id": run_id,
                "target": target,
                "said": mask_terms(said, confidential_terms(self.watch)),
                "queued_at": at,
            }
            for target in dict.fromkeys(targets)
        ]
        known = set(self.store.load(OUTGOING, ["outgoing_id"])["outgoing_id"])
        new = [row for row in rows if row["outgoing_id"] not in known]
        if new:
            self.store.merge(OUTGOING, OUTGOING.check(pd.DataFrame(new)))
        return bool(new)

    def send(self, at: datetime) -> None:
        """Try everything that is owed and due; what fails stays owed."""
        owed = self.store.load(OUTGOING)
        attempts = self.store.load(DELIVERIES)
        attempts = attempts.loc[attempts["alert_id"].isin(owed["outgoing_id"])]
        ended = attempts["outcome"].isin([Outcome.DELIVERED, Outcome.WITHDRAWN])
        waiting = owed.loc[~owed["outgoing_id"].isin(attempts.loc[ended, "alert_id"]) & (owed["target"] != "")]
        late = set(_superseded(waiting, owed))
        rows: list[dict[str, Any]] = waiting.sort_values(["queued_at", "outgoing_id"]).to_dict("records")  # type: ignore[assignment]
        for row in rows:
            if row["outgoing_id"] in late:
                self._note(row, "", at, Outcome.WITHDRAWN, "a newer edition of the week takes its place")
                continue
            failures = attempts.loc[
                (attempts["alert_id"] == row["outgoing_id"]) & (attempts["outcome"] == Outcome.FAILED), "at"
            ]
            queued = row["queued_at"].to_pydatetime()
            if len(failures) and at < next_try(len(failures), failures.max().to_pydatetime(), queued, _EVERY):
                self.pending.append(self._told(row, ""))
            elif len(failures) and at - queued > GIVEN_UP_AFTER:
                self._note(row, "", at, Outcome.WITHDRAWN, "it could not be delivered for three days")
                self._fail(row, "", "given up: it could not be delivered for three days")
            else:
                self._deliver(row, at)

    def _deliver(self, row: dict[str, Any], at: datetime) -> None:
        try:
            route = self._route(row)
        except DeliveryError as error:
            self._fail(row, "", error.message)
            self.pending.append(self._told(row, ""))
            return
        if route is None:
            self._note(row, "", at, Outcome.WITHDRAWN, "the address is no longer in watch.yml")
            return
        if route.variable in self._down:
            self.pending.append(self._told(row, route.key))
            return
        try:
            letter = self._letter(row, route, at)
        except (EditionError, OSError, ValueError) as error:
            self._note(row, route.key, at, Outcome.WITHDRAWN, "its run has no such files")
            why = f"run {row['run_id']} has no files to send ({type(error).__name__})"
            self._fail(row, route.key, why)
            title = Language(self.watch.languages[0]).say("Edition {week}: it could not be sent", week=row["week"])
            self.owe(Parcel.FAILURE, row["week"], row["run_id"], at, key=f"files:{row['run_id']}", said=f"{title}\n{why}")
            return
        self._note(row, route.key, at, Outcome.STARTED, "")
        attempt = letter()
        if attempt.delivered:
            self._note(row, route.key, at, Outcome.DELIVERED, "")
            self.sent.append(self._told(row, route.key))
            return
        self._note(row, route.key, at, Outcome.FAILED, attempt.detail)
        self._fail(row, route.key, attempt.detail)
        self.pending.append(self._told(row, route.key))
        if attempt.down:
            self._down.add(route.variable)
        if attempt.refused and row["kind"] == Parcel.BULLETIN:
            self._tell_refused(row, at, attempt.detail)

    def _tell_refused(self, row: dict[str, Any], at: datetime, why: str) -> None:
        """Tell, with the next round, that a reader gets nothing; by its place in watch.yml, tables keep no address."""
        readers = self.watch.delivery.readers
        place = next((number for number, one in enumerate(readers, 1) if digest(one.mail) == row["target"]), 0)
        said = Language(self.watch.languages[0]).say(
            "Edition {week}: the mail to reader {place} of delivery.readers was refused\n{why}",
            week=row["week"],
            place=place,
            why=why,
        )
        self.owe(Parcel.FAILURE, row["week"], row["run_id"], at, key=f"refused:{row['outgoing_id']}", said=said)

    def _route(self, row: dict[str, Any]) -> Route | None:
        """Return the way to a target, None where watch.yml no longer names it."""
        if row["kind"] == Parcel.CARD:
            known = row["target"] in self.watch.delivery.cards
            return channels.routes(row["target"], None, self.environment)[0] if known else None
        address = self._address(row)
        if address is None:
            return None
        if self.watch.delivery.mail is None:
            raise DeliveryError("delivery names no mail server", "set delivery.mail in watch.yml")
        return channels.to_address(self.watch.delivery.mail, address, row["target"], self.environment)

    def _address(self, row: dict[str, Any]) -> str | None:
        delivery = self.watch.delivery
        readers = (reader.mail for reader in delivery.readers)
        listed: Iterable[str] = delivery.failures if row["kind"] == Parcel.FAILURE else readers
        return next((address for address in listed if digest(address) == row["target"]), None)

    def _language(self, row: dict[str, Any]) -> str:
        """Return the language of what a reader, or a chat, is sent."""
        wanted = (one.language for one in self.watch.delivery.readers if digest(one.mail) == row["target"])
        return next(wanted, None) or self.watch.languages[0]

    def _letter(self, row: dict[str, Any], route: Route, at: datetime) -> Callable[[], Attempt]:
        language, outgoing_id = Language(self.watch.languages[0]), str(row["outgoing_id"])
        if row["kind"] == Parcel.FAILURE:
            name = mask_terms(self.watch.organisation, confidential_terms(self.watch))
            notice = failure_mail(row["said"], name, route, language, outgoing_id=outgoing_id, at=at)
            return lambda: channels.post(route, notice)
        folder, bulletin = for_reader(self.folder_of(row["run_id"]), self._language(row), self.watch.delivery.audience)
        if row["kind"] == Parcel.CARD:
            title, text = card(bulletin)
            return lambda: channels.tell(route, title, text, outgoing_id)
        mail = bulletin_mail(bulletin, folder, route, outgoing_id=outgoing_id, at=at)
        return lambda: channels.post(route, mail)

    def _note(self, row: dict[str, Any], route: str, at: datetime, outcome: Outcome, detail: str) -> None:
        values = {"alert_id": row["outgoing_id"], "route": route, "at": at, "outcome": str(outcome)}
        self.store.merge(DELIVERIES, DELIVERIES.check(pd.DataFrame([{**values, "detail": detail, "message_id": ""}])))

    def _fail(self, row: dict[str, Any], route: str, why: str) -> None:
        self.failed.append({**self._told(row, route), "why": why})

    def _told(self, row: dict[str, Any], route: str) -> dict[str, object]:
        to = row["target"] if row["kind"] == Parcel.CARD else self._address(row)
        return {"kind": row["kind"], "week": row["week"], "to": to, "channel": route}


def digest(*parts: str) -> str:
    """Return what stands for an address, or for something owed, in tables."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _superseded(waiting: pd.DataFrame, owed: pd.DataFrame) -> list[str]:
    """Return the ids of waiting bulletins and cards of whose week something newer is owed to the same target."""
    of = owed.loc[owed["kind"] != Parcel.FAILURE].sort_values(["queued_at", "outgoing_id"], kind="stable")
    newest = of.drop_duplicates(["kind", "week", "target"], keep="last")["outgoing_id"]
    mine = waiting.loc[waiting["kind"] != Parcel.FAILURE, "outgoing_id"]
    return list(mine[~mine.isin(newest)])
