"""Hostile words in a bulletin never become headers, recipients or parts of its mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from tests.bulletin.conftest import bulletin, poisoned  # noqa: F401 - fixtures
from tests.hostile import corpus
from veille.alerts import channels
from veille.bulletin import write
from veille.bulletin.types import Bulletin
from veille.edition.mailing import bulletin_mail


def test_no_words_of_a_bulletin_are_headers_or_recipients(
    bulletin: Bulletin,  # noqa: F811 - a fixture
    poisoned: Callable[[str], Bulletin],  # noqa: F811 - a fixture
    tmp_path: Path,
) -> None:
    route = channels.to_address("MAIL", "lectrice@example.org", "k1", {"MAIL": "mailtos://veille:mot@mail.example"})
    write([bulletin], tmp_path)
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def sent(told: Bulletin) -> bytes:
        return bulletin_mail(told, tmp_path, route, outgoing_id="o1", at=at).as_bytes(policy=policy.SMTP)

    expected = message_from_bytes(sent(bulletin), policy=policy.default)
    for family, tricks in corpus.FAMILIES.items():
        for trick in tricks:
            content = sent(poisoned(f"Organisation {trick} fin"))
            mail = message_from_bytes(content, policy=policy.default)
            assert mail.keys() == expected.keys(), family
            assert str(mail["To"]) == "lectrice@example.org"
            assert mail["From"].addresses[0].addr_spec == expected["From"].addresses[0].addr_spec
            assert len(mail["From"].addresses) == 1, family
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", str(mail["Subject"])), family
            assert "Organisation" in str(mail["Subject"])
            assert [part.get_content_type() for part in mail.walk()] == [part.get_content_type() for part in expected.walk()]
            # A line of a header too long for a mail server breaks the mail.
            assert max(map(len, content.split(b"\r\n\r\n", 1)[0].split(b"\r\n"))) <= 998, family
