from __future__ import annotations

import re
from typing import Any

import pytest
from babel.messages.pofile import read_po
from lxml import html

from veille.bulletin.charts import timeline, topic_bars
from veille.bulletin.render import render, render_mail
from veille.bulletin.types import Bulletin, Question
from veille.language import LOCALE_FOLDER, Language

SINGULAR = {
    "fr": "récit mention éditeur auteur minute heure jour décision signal chiffre négatif",
    "en": "story mention publisher author minute hour day decision signal figure",
}
PLURAL = {
    "fr": "récits mentions éditeurs auteurs minutes heures jours décisions signaux chiffres négatifs",
    "en": "stories mentions publishers authors minutes hours days decisions signals figures",
}
# A name stands for a number in a rank or a day: « du 16 au 22 » and "Week 47" count nothing.
LISTED = ("findings", "signals", "weak_signals", "topics", "relays")


def _counting(bulletin: Bulletin, code: str, count: int) -> Bulletin:
    def counted(item: Any) -> Any:
        fields = [
            name
            for name in ("stories", "negative_stories", "publishers", "authors", "mentions", "negative", "read", "value")
            if hasattr(item, name)
        ]
        texts = {name: "" for name in ("changed", "counted", "reason", "level_reason") if hasattr(item, name)}
        more = {"unknown": ()} if hasattr(item, "unknown") else {}
        return item.model_copy(update=dict.fromkeys(fields, count) | texts | more)

    method = bulletin.method.model_copy(
        update={"publication_to_sending_minutes": float(count), "sending_to_acknowledgement_minutes": float(count)}
    )
    asked = Question(question="?", mentions=count, reach=None, status="answered", message_id=None, owner=None, evidence=())
    return bulletin.model_copy(
        update={
            "edition": bulletin.edition.model_copy(update={"language": code, "mentions_read": count}),
            "headline": "", "decisions": (), "followup": (), "method": method, "questions": (asked,),
            "daily": tuple(day.model_copy(update={"stories": count, "negative": count}) for day in bulletin.daily),
            **{name: tuple(counted(item) for item in getattr(bulletin, name)) for name in LISTED},
        }
    )  # fmt: skip


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_is_counted_stands_in_its_number(bulletin, code, count):
    made = _counting(bulletin, code, count)
    tree = html.document_fromstring(render(made))
    for hidden in tree.xpath("//style|//blockquote"):
        hidden.drop_tree()
    language = Language(code)
    charts = [chart.caption for chart in (topic_bars(made.topics, language), timeline(made, language)) if chart]
    told = "\n".join([" ".join(tree.itertext()), *render_mail(made), *charts])
    # French counts nothing in the singular, English in the plural.
    one = count == 1 or (count == 0 and code == "fr")
    wrong = (PLURAL if one else SINGULAR)[code].replace(" ", "|")
    right = (SINGULAR if one else PLURAL)[code].replace(" ", "|")
    assert re.findall(rf"(?<![\d.,]){count}\s+(?:{wrong})\b", told) == []
    assert len(re.findall(rf"(?<![\d.,]){count}\s+(?:{right})\b", told)) > 5


def test_no_sentence_counts_without_its_two_numbers():
    with (LOCALE_FOLDER / "en" / "LC_MESSAGES" / "veille.po").open("rb") as file:
        single = [message.id for message in read_po(file, locale="en") if message.id and isinstance(message.id, str)]
    counted = re.compile(r"\{\w+\} (?:" + PLURAL["en"].replace(" ", "|") + r")\b")
    assert [text for text in single if counted.search(text)] == []
