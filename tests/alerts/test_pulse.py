from __future__ import annotations

from datetime import timedelta

import pytest

from tests.loopback import Server, client, server, waits
from veille.alerts import heartbeat
from veille.alerts.pulse import beat, ping
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

from .conftest import THURSDAY

__all__ = ["client", "server", "waits"]


@pytest.fixture
def switched(watch: Watch) -> Watch:
    return watch.model_copy(update={"delivery": watch.delivery.model_copy(update={"heartbeat": "PING_URL"})})


def test_a_job_is_alive_for_three_turns(watch: Watch, store: Store) -> None:
    assert heartbeat(watch, store, THURSDAY).last is None
    beat(store, THURSDAY, 1)
    pulse = heartbeat(watch, store, THURSDAY + timedelta(minutes=30))
    assert (pulse.last, pulse.alive, pulse.overdue) == (THURSDAY, True, 1)
    assert not heartbeat(watch, store, THURSDAY + timedelta(minutes=31)).alive


def test_the_switch_outside_is_asked_for(switched: Watch, watch: Watch, server: Server, client: Client) -> None:
    url = server.page("/ping/secret-key", b"OK")
    assert ping(switched, {"PING_URL": url}, client) == ""
    assert [path for path, _ in server.requests] == ["/ping/secret-key"]
    assert ping(watch, {}, client) == ""


def test_a_switch_that_does_not_answer_is_told_without_its_address(switched: Watch, server: Server, client: Client) -> None:
    url = server.page("/ping/secret-key", status=404)
    told = ping(switched, {"PING_URL": url}, client)
    assert "PING_URL" in told
    assert "secret-key" not in told
    assert "not set" in ping(switched, {}, client)
    # Inside a network nothing is asked: the ordinary client reaches public addresses only.
    assert "PING_URL" in ping(switched, {"PING_URL": url})
