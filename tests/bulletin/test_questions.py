"""The block of the public's questions: what is asked, by how many, answered or not, and of whom it is asked."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html

from veille.bulletin.audience import for_audience
from veille.bulletin.render import render
from veille.bulletin.types import Bulletin, Marking, Message, Question
from veille.language import Language


def question(status: str, **changed: object) -> Question:
    values = {
        "question": "Où est le formulaire ?", "mentions": 7, "voices": 6, "voices_week": 2, "weeks": 12, "reach": 120.0,
        "status": status, "message_id": None, "owner": None, "evidence": (), "marking": Marking.AMBER,
    }  # fmt: skip
    return Question.model_validate(values | changed)


@pytest.fixture
def page(bulletin: Bulletin):
    """Return a function that renders the bulletin with some questions and messages, and gives the block's cells, row by row."""

    def rows(*questions: Question, messages: tuple[Message, ...] = (), code: str = "fr") -> list[list[str]]:
        edition = bulletin.edition.model_copy(update={"language": code})
        made = bulletin.model_copy(update={"edition": edition, "questions": questions, "messages": messages})
        section = html.document_fromstring(render(made)).xpath("//section[@id='questions']")[0]
        return [["".join(cell.itertext()).strip() for cell in row] for row in section.xpath(".//tbody/tr")]

    return rows


APPROVED = Message(message_id="m1", question="Peut-on ?", answer="Oui, le dimanche.", audience="public")


def test_what_is_answered_shows_its_answer_and_is_asked_of_nobody(page):
    rows = page(question("answered", message_id="m1"), messages=(APPROVED,))
    assert rows[0][1:3] == ["6", "2"]
    assert "répondue" in rows[0][3]
    assert "Oui, le dimanche." in rows[0][3]
    assert "Demandée" not in rows[0][3]


@pytest.mark.parametrize("code", ["fr", "en"])
def test_what_is_not_answered_is_asked_of_its_owner(page, code):
    asked = [
        question("unanswered", owner="Claire Martin"),
        question("expired", message_id="m9", owner="Claire Martin", answer_until=date(2026, 8, 31)),
        question("not_public", message_id="m8", owner="Claire Martin"),
    ]
    rows = page(*asked, messages=(APPROVED,), code=code)
    told = [row[3] for row in rows]
    assert all("Claire Martin" in one for one in told)
    assert Language(code).day(date(2026, 8, 31)) in told[1]
    assert not any("Oui, le dimanche." in one for one in told)


def test_no_message_says_what_cannot_be_checked(bulletin, page):
    rows = page(question("unanswered", owner="Claire Martin"), code="en")
    assert rows[0][3].startswith("not checked")
    made = bulletin.model_copy(update={"questions": (question("unanswered"),), "messages": ()})
    assert "ne peut pas vérifier" in render(made)


def test_what_strangers_ask_cannot_run(bulletin):
    made = bulletin.model_copy(
        update={"questions": (question("unanswered", question="<script>alert(1)</script> où ?", quoted=True, language="fr"),)}
    )
    assert "<script" not in render(made)


def test_the_public_reads_only_what_has_a_public_answer(bulletin):
    asked = (
        question("answered", message_id="m1", marking=Marking.CLEAR),
        question("unanswered", owner="Claire Martin"),
    )
    kept = for_audience(bulletin.model_copy(update={"questions": asked}), Marking.CLEAR, "public")
    assert [one.status for one in kept.questions] == ["answered"]
    assert "Claire Martin" not in render(kept)
