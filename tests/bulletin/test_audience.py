from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from veille.bulletin.audience import for_audience
from veille.bulletin.marking import FIELDS, RULES, WHOLE_PAGE, top
from veille.bulletin.render import render, render_mail
from veille.bulletin.types import Bulletin, Edition, Marked, Marking, Method, Reviewed
from veille.language import Language

# What stands beside marked items and is told to anybody: what a page is of, and what it cannot see.
OPEN = {
    Bulletin: "edition marking audience headline level_before before_marking method daily",
    Edition: "watch organisation week first last as_of cutoff timezone language status enough_data draft published_at"
    " rebuilt_before mentions_read",
    Method: "not_observed tone_error shares_corrected tone_read_share questions_covered run_id",
}


def marked_anew(value: Any, markings: Any) -> Any:
    """Return the value with every marking in it drawn anew."""
    if isinstance(value, BaseModel):
        names = type(value).model_fields
        changed = {name: marked_anew(getattr(value, name), markings) for name in names}
        if isinstance(value, Marked) or "before_marking" in names:
            changed["before_marking" if "before_marking" in names else "marking"] = markings()
        return value.model_copy(update=changed)
    if isinstance(value, tuple):
        return tuple(marked_anew(item, markings) for item in value)
    if isinstance(value, dict):
        return {key: marked_anew(item, markings) for key, item in value.items()}
    return value


def held(value: Any) -> list[Marking]:
    own = [value.marking] if isinstance(value, Marked) else []
    if isinstance(value, BaseModel):
        parts = [getattr(value, name) for name in type(value).model_fields]
    elif isinstance(value, dict):
        parts = list(value.values())
    else:
        parts = list(value) if isinstance(value, tuple) else []
    return own + [marking for part in parts for marking in held(part)]


@pytest.fixture(scope="session")
def noted(bulletin: Bulletin) -> Bulletin:
    edition = bulletin.edition.model_copy(update={"note": "Le mot", "published_by": "Claire Martin", "draft": False})
    return bulletin.model_copy(update={"edition": edition})


@settings(max_examples=60, deadline=None)
@given(data=st.data(), ceiling=st.sampled_from(list(Marking)), lower=st.sampled_from(list(Marking)))
def test_no_page_of_an_audience_is_above_it_and_cutting_twice_is_cutting_once(noted, data, ceiling, lower):
    whole = marked_anew(noted, lambda: data.draw(st.sampled_from(list(Marking))))
    whole = whole.model_copy(update={"marking": top(whole)})
    cut = for_audience(whole, ceiling, "them")
    assert cut.marking.rank <= ceiling.rank
    assert all(marking.rank <= ceiling.rank for marking in held(cut))
    assert set(cut.evidence) == {
        one
        for part in (*cut.findings, *cut.signals, *cut.weak_signals, *cut.topics, *cut.questions, *cut.around)
        for one in part.evidence
    }
    assert for_audience(cut, ceiling, "them") == cut
    if lower.rank <= ceiling.rank:
        assert for_audience(cut, lower, "them") == for_audience(whole, lower, "them")
    assert Bulletin.model_validate_json(cut.to_json()) == cut


def test_whoever_may_read_all_reads_the_same(noted):
    whole = noted.model_copy(update={"marking": top(noted)})
    cut = for_audience(whole, Marking.RED, "direction")
    assert cut == whole.model_copy(update={"audience": "direction"})


def test_what_nobody_marked_is_not_public(bulletin):
    cut = for_audience(bulletin, Marking.CLEAR, "public")
    assert cut.marking is Marking.CLEAR
    assert not any((cut.findings, cut.decisions, cut.signals, cut.topics, cut.relays, cut.messages, cut.evidence, cut.calendar))


def test_every_part_is_marked_or_known_to_be_open():
    """A field that is new is in no page of an audience until somebody has said who may read it."""
    for model, name in (*FIELDS, *WHOLE_PAGE):
        assert name in model.model_fields
    assert {rule for rule, _ in FIELDS.values()} <= set(RULES)
    for model, known in OPEN.items():
        for name, field in model.model_fields.items():
            items = [part for part in get_args(field.annotation) if isinstance(part, type)]
            marked = any(issubclass(part, Marked) for part in items)
            told = (model, name) in FIELDS or (model, name) in WHOLE_PAGE
            assert (marked or told) != (name in known.split()), f"{model.__name__}.{name}"


def without(bulletin: Bulletin, signal_id: str) -> Bulletin:
    """Return the bulletin with all that speaks of one signal marked as a leak is."""
    strict = {"marking": Marking.AMBER_STRICT}
    return bulletin.model_copy(
        update={
            "marking": Marking.AMBER_STRICT,
            "signals": tuple(one.model_copy(update=strict) if one.signal_id == signal_id else one for one in bulletin.signals),
            "findings": tuple(
                one.model_copy(update=strict) if one.signal_id == signal_id else one for one in bulletin.findings
            ),
            "decisions": tuple(
                one.model_copy(update=strict) if signal_id in one.signal_ids else one for one in bulletin.decisions
            ),
        }
    )


def test_level_headline_and_evidence_are_told_anew_from_what_is_kept(noted):
    whole = without(noted, "s1")
    cut = for_audience(whole, Marking.AMBER, "direction")
    assert (whole.level, cut.level) == (3, 2)
    assert "Niveau 2" in cut.headline
    assert "Niveau 3" not in cut.headline
    assert "1 décision est attendue" in cut.headline
    assert [one.decision_id for one in cut.decisions] == ["d1"]
    assert "portes ouvertes" not in cut.headline
    assert "m3" not in cut.evidence
    # What the analyst wrote may speak of what is not there.
    assert cut.edition.note == ""
    assert cut.marking is Marking.AMBER


def test_a_level_of_the_week_before_that_rests_on_a_leak_is_not_told(bulletin):
    whole = bulletin.model_copy(update={"before_marking": Marking.AMBER_STRICT, "marking": Marking.AMBER_STRICT})
    cut = for_audience(whole, Marking.AMBER, "direction")
    assert cut.level_before is None
    assert cut.level == 3


def test_the_level_of_what_a_person_withheld_is_told_to_those_alone_who_read_that_it_was(bulletin):
    act = Reviewed(
        act="withheld", what="a signal", by="ana", at=bulletin.edition.as_of, reason="?", marking=Marking.AMBER_STRICT
    )
    whole = bulletin.model_copy(update={"signals": bulletin.signals[1:], "reviewed": (act,), "marking": Marking.AMBER_STRICT})
    cut = for_audience(whole, Marking.AMBER, "direction")
    assert (cut.level, cut.reviewed) == (2, ())
    assert for_audience(whole, Marking.AMBER_STRICT, "board").level == 3


def test_the_page_of_a_watch_of_competitors_alone_keeps_its_level(bulletin):
    others = tuple(one.model_copy(update={"role": "competitor"}) for one in bulletin.signals)
    weak = tuple(one.model_copy(update={"role": "competitor"}) for one in bulletin.weak_signals)
    whole = without(bulletin.model_copy(update={"signals": others, "weak_signals": weak}), "s2")
    assert for_audience(whole, Marking.AMBER, "direction").level == 3
    assert for_audience(without(whole, "s1"), Marking.AMBER, "direction").level == 1


@pytest.fixture
def public(noted: Bulletin) -> Bulletin:
    """The public's page of a bulletin whose topics, relays, figures and evidence are public."""
    clear = {"marking": Marking.CLEAR}
    opened = noted.model_copy(
        update={
            "evidence": {one: item.model_copy(update=clear) for one, item in noted.evidence.items()},
            **{
                name: tuple(item.model_copy(update=clear) for item in getattr(noted, name))
                for name in ("topics", "relays", "messages")
            },
            "tiles": tuple(tile.model_copy(update=clear) for tile in noted.tiles[:2]),
        }
    )
    return for_audience(opened, Marking.CLEAR, "public")


@pytest.mark.parametrize("code", ["fr", "en"])
def test_a_public_page_speaks_of_no_level_decision_signal_or_threshold(public, code):
    page = public.model_copy(update={"edition": public.edition.model_copy(update={"language": code})})
    say = Language(code).say
    told = render(page) + "".join(render_mail(page)) + page.to_json()
    for words in (
        say("Decision asked"), say("None this week."), say("No finding this week."), say("Thresholds"), say("Signals"),
        say("Active sources"), say("From publication to sending:"), say("nothing was sent before this bulletin."),
        say("Follow-up"), say("Admiralty code: source, information"), "Claire Martin", "Paul Besson", "fdr_level",
        'class="level', "Regagner",
    ):  # fmt: skip
        assert words not in told, words
    assert "60" in page.headline
    assert page.edition.published_by == "Aquilon Mobilités"
    assert "TLP:CLEAR" in told
    assert "TLP:AMBER" not in told
    assert "ouest-france.fr" in told


def test_what_a_public_page_leaves_out_does_not_depend_on_what_there_was(public, noted):
    quiet = noted.model_copy(
        update={"signals": (), "weak_signals": (), "decisions": (), "findings": (), "level": 0, "level_before": 0}
    )
    quiet = quiet.model_copy(update={"followup": (), "topics": (), "relays": (), "messages": ()})
    kept, none = (json.loads(one.to_json()) for one in (public, for_audience(quiet, Marking.CLEAR, "public")))
    for key in ("level", "level_before", "findings", "decisions", "signals", "weak_signals", "followup", "calendar"):
        assert kept[key] == none[key]
    assert kept["method"] == none["method"]


def test_each_item_carries_its_marking_where_it_is_read(bulletin):
    page = render(without(bulletin, "s1"))
    assert '<span class="mark amber_strict">TLP:AMBER+STRICT</span>' in page
    assert '<span class="mark amber">TLP:AMBER</span>' in page
