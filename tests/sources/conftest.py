"""Fixtures of the sources: a real HTTP server on loopback, and clients that may reach it."""

from tests.loopback import client, impatient, server, waits
from tests.service import service

__all__ = ["client", "impatient", "server", "service", "waits"]
