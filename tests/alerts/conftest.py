"""Signals as a detection leaves them, and real servers on loopback: mail out, mail in, web hooks."""

from __future__ import annotations

import contextlib
import email
import email.policy
import hashlib
import imaplib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from aiosmtpd.controller import Controller

from tests.loopback import Loopback
from veille.alerts import AlertsResult, alerts
from veille.alerts.look import _SEEN, _fingerprint
from veille.mention import MENTIONS
from veille.signals import DETECTIONS, JOURNAL, SIGNALS
from veille.signals.journal import MACHINE, event
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Watch

THURSDAY = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
"""Ten o'clock in Paris, a working day."""

WATCH = """\
watch: essai
organisation: Essai
timezone: Europe/Paris
subjects:
  - {id: essai, name: Essai, role: self, query: 'essai'}
  - {id: rivale, name: Rivale, role: competitor, query: 'rivale'}
people:
  - {id: analyste, name: Ana Lyste, mail: ana@essai.example, deputy: chefcom}
  - {id: chefcom, name: Bruno Chef, mail: bruno@essai.example, deputy: dircom}
  - {id: dircom, name: Carla Dircom, mail: carla@essai.example, deputy: chefcom}
  - {id: dg, name: Denis Général, mail: denis@essai.example}
hours: {office: "Mon-Fri 09:00-18:00", ring: "07:00-22:00", holidays: FR}
escalation:
  1: {to: [analyste]}
  2: {to: [chefcom], send_within: 4h, decide_within: 24h}
  3: {to: [dircom], send_within: 60m, decide_within: 4h}
  4: {to: [dg, dircom], via: [MAIL_URL, HOOK_URL], send_within: 15m, decide_within: 1h}
delivery: {mail: MAIL_URL, inbox: INBOX_URL}
"""

Open = Callable[..., str]
Run = Callable[..., AlertsResult]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = THURSDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch(make_watch: Callable[[str], Watch]) -> Watch:
    return make_watch(WATCH)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_signal(store: Store) -> Open:
    """Return a function that writes a signal as a detection at that instant would, and its mentions."""

    def open_signal(
        at: datetime, level: int = 3, *, signal_id: str = "s1", act: Act | None = Act.OPENED, **changed: Any
    ) -> str:
        said = changed.pop("said", "Des batteries prennent feu, selon @temoin et jean@exemple.fr")
        url = changed.pop("url", "https://journal.example/2026/batteries")
        first = changed.pop("first_seen", THURSDAY - timedelta(hours=1))
        mention_id = hashlib.sha256(said.encode()).hexdigest()[:32]
        mention = {
            "mention_id": mention_id,
            "source": "presse",
            "source_type": "rss",
            "kind": "article",
            "title": said,
            "text": "",
        }
        mention |= {
            "publisher": "journal.example",
            "url": url,
            "published_at": first,
            "gathered_at": first,
            "subjects": [["essai"]],
        }
        store.merge(
            MENTIONS,
            MENTIONS.check(
                pd.DataFrame({key: value if isinstance(value, list) else [value] for key, value in mention.items()})
            ),
        )
        row: dict[str, Any] = {
            "signal_id": signal_id, "cutoff": at, "as_of": at, "version": "v", "subject": "essai", "role": "self",
            "topic_id": "t1", "kind": "negative_emergence", "title": "Des batteries prennent feu", "level": level,
            "level_reason": "score", "score": 70.0, "score_low": 60.0, "score_high": 80.0, "window_days": 1, "stories": 7,
            "negative_stories": 6, "publishers": 4, "authors": 5, "mentions": 9, "press_pickup_at": pd.NaT,
            "short_history": False, "first_seen": first, "detected_at": at, "effects_ids": [], "effects": [], "relevance": 0.2,
            "evidence": [mention_id],
        } | changed  # fmt: skip
        names = [name for name in SIGNALS.column_names if name in row]
        store.merge(SIGNALS, SIGNALS.check(pd.DataFrame([{name: row[name] for name in names}])))
        looked = {"cutoff": at, "as_of": at, "version": "v", "stories": 7, "tests": 1, "enough_data": True}
        store.merge(DETECTIONS, DETECTIONS.check(pd.DataFrame([looked])))
        if act:
            store.merge(JOURNAL, JOURNAL.check(pd.DataFrame([event(signal_id, at, MACHINE, act, level)])))
        return signal_id

    return open_signal


@pytest.fixture
def run(watch: Watch, store: Store, clock: Clock) -> Run:
    """Return a function that runs `alerts` at an instant, with nothing new to detect in."""

    def run(at: datetime, environment: dict[str, str], *, of: Watch | None = None) -> AlertsResult:
        clock.now = at
        store.state.put(_SEEN, _fingerprint(of or watch, store, at))
        return alerts(of or watch, store, at, clock=clock, fetch=False, environment=environment)

    return run


class Mailer:
    """A real SMTP server that does to each mail what it is told: take, refuse, delay, or be gone."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.rcpt = "250 OK"
        self.data = "250 OK"
        self.delay = 0.0
        self.lose_answer = False
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._controller: Controller | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=veille@essai.example&to=boite@essai.example&cto=1&mode=insecure"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
        self._controller = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.delay:
            import asyncio

            await asyncio.sleep(self.delay)
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            mail["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
            self.mails.append(mail)  # type: ignore[arg-type]
        return self.data


@pytest.fixture
def mailer() -> Iterator[Mailer]:
    made = Mailer()
    yield made
    made.stop()


class Hook(Loopback):
    """A web hook that answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.delay = 0.0
        self.taken: list[dict[str, Any]] = []
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status = outer.status
                if outer.delay:
                    time.sleep(outer.delay)
                elif status < 300:
                    outer.taken.append(json.loads(body))
                    outer.keys.append(self.headers.get("Idempotency-Key", ""))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(Handler)

    @property
    def url(self) -> str:
        return self.address.replace("http://", "json://") + "/hook?cto=1&rto=1"


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.close()


@pytest.fixture
def environment(mailer: Mailer, hook: Hook) -> dict[str, str]:
    return {"MAIL_URL": mailer.url, "HOOK_URL": hook.url}


class Mailbox:
    """A real IMAP server with one mailbox, in a process of its own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        program = Path(sys.executable).parent / "pymap"
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        self._process = subprocess.Popen(
            [str(program), *address, "dict", "--demo-user", "veille", "--demo-password", "p@ss/é"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if time.monotonic() > until:
                raise RuntimeError("pymap does not listen")
            time.sleep(0.05)

    @property
    def url(self) -> str:
        return f"imap://veille:p%40ss%2F%C3%A9@127.0.0.1:{self.port}/INBOX"

    def put(self, raw: bytes, at: datetime) -> None:
        box = imaplib.IMAP4("127.0.0.1", self.port)
        box.authenticate("PLAIN", lambda _: "\0veille\0p@ss/é".encode())
        said, _ = box.append("INBOX", "", imaplib.Time2Internaldate(at), raw)
        assert said == "OK"
        box.logout()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Mailbox]:
    made = Mailbox()
    yield made
    made.close()


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


__all__ = ["THURSDAY", "Clock", "Hook", "Mailbox", "Mailer", "Open", "Run", "body_of", "threading"]
