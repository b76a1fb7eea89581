"""compose: the tables of one watch as one typed bulletin, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from veille.bulletin import figures
from veille.bulletin.checked import build_checked
from veille.bulletin.dates import events, with_dates
from veille.bulletin.decisions import ask
from veille.bulletin.evidence import gather_evidence
from veille.bulletin.findings import Subjects, find, subjects_of
from veille.bulletin.headline import headline
from veille.bulletin.marks import mark
from veille.bulletin.material import Material, collect
from veille.bulletin.method import build_method
from veille.bulletin.named import with_names
from veille.bulletin.outlook import build_replay, chances, replays_of
from veille.bulletin.own_words import masked_watch, without_hidden_words, without_terms
from veille.bulletin.page_one import fit
from veille.bulletin.questions import build_questions
from veille.bulletin.review import review_followup
from veille.bulletin.sections import build_followup, build_messages, build_relays, build_topics
from veille.bulletin.signals import build_signals, level_of
from veille.bulletin.types import Bulletin, Edition, Marking, Tile
from veille.bulletin.voices import build_around, build_voices
from veille.language import Language
from veille.masking import mask, mask_words
from veille.period import Period
from veille.quotation import without_addresses
from veille.reading import tone_confusion
from veille.watch import BUILT_IN, confidential_terms

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

# A quiet week is short: so many topics are enough to see that it is.
_QUIET_TOPICS = 4


def compose(watch: Watch, store: Store, as_of: datetime, period: Period, *, run_id: str, language: str) -> Bulletin:
    """Return the bulletin of a period, from the tables alone.

    Parameters
    ----------
    watch, store
        The watch and its memory; topics and signals must have been updated for this cut-off.
    as_of
        What was known at this instant.
    period
        The week.
    run_id
        Id of the edition's run, printed in the method.
    language
        `fr` or `en`.

    Raises
    ------
    UsageError
        There is no catalogue of that language.
    EditionError
        A quotation is not in the stored text of its mention.
    """
    words = Language(language)
    material = collect(watch, store, as_of, period)
    terms = confidential_terms(watch)
    hide = partial(mask, terms=terms)
    unmasked, watch = watch, masked_watch(with_dates(watch, store, as_of), terms)
    signals = build_signals(watch, material, hide, words)
    subjects = subjects_of(watch, material)
    topics = tuple(
        topic.model_copy(update={"words": tuple(mask_words(topic.words, terms))})
        for topic in build_topics(material, words, hide)
    )
    topics, signals = with_names(unmasked, store, material, topics, signals, hide)
    strong = tuple(signal for signal in signals if signal.kind != "weak")
    decisions = ask(watch, strong, as_of, words)
    replays = replays_of(watch, material)
    findings = find(material, subjects, signals, topics, chances(replays, material, words), words)
    if not signals and not findings:
        topics = topics[:_QUIET_TOPICS]
    around = build_around(watch, material, topics, signals, words)
    level = level_of(watch, material.signals, material.journal)
    before = (
        level_of(watch, material.signals_before, material.journal[material.journal["at"] <= period.start])
        if material.has_before
        else None
    )
    titles = dict(zip(material.signals_before["signal_id"], material.signals_before["title"], strict=True))
    titles |= dict(zip(material.signals["signal_id"], material.signals["title"], strict=True))
    # The error that was measured is that of the built-in model only.
    known = watch.languages if unmasked.tone.model == BUILT_IN else ()
    checked = build_checked(watch, store, as_of, words)
    method = build_method(
        watch,
        material,
        signals,
        words,
        run_id=run_id,
        tone_error=tone_error(known),
        checked=checked,
        replay=build_replay(watch, replays, words),
    )
    questions = build_questions(unmasked, store, material, hide, words)
    cited = [item.evidence for items in (findings, signals, topics, around, questions) for item in items]
    edition = _edition(
        watch,
        material,
        language,
        method_active=sum(source.received > 0 for source in method.sources),
        sources=len(method.sources),
    )
    bulletin = Bulletin(
        edition=edition,
        # Nobody's until each of its items is marked.
        marking=Marking.RED,
        headline=headline(edition, level, before, signals, decisions, words),
        level=level,
        level_before=before,
        tiles=_tiles(
            subjects, material, has_rivals={"self", "competitor"} <= {str(subject.role) for subject in watch.subjects}
        ),
        findings=findings,
        decisions=decisions,
        signals=strong,
        weak_signals=tuple(signal for signal in signals if signal.kind == "weak"),
        topics=topics,
        relays=build_relays(material, subjects.own_mentions, words, hide),
        questions=questions,
        messages=build_messages(watch, material),
        followup=(
            *build_followup(material, words, hide, titles),
            *review_followup(store, period.before.week, as_of, words, hide),
        ),
        method=method,
        evidence=gather_evidence(watch, material.mentions, chain.from_iterable(cited), terms, key=store.key),
        daily=figures.daily(subjects.own, period),
        calendar=events(watch, period),
        voices=build_voices(watch, subjects, material),
        around=around,
    )
    quoted = _without_baits(_without_leaked_words(bulletin, words))
    told = fit(without_hidden_words(without_terms(_keep_evidence(quoted), terms)))
    return mark(told, watch, material)


def _without_leaked_words(bulletin: Bulletin, language: Language) -> Bulletin:
    """Leaked terms come in spellings that no mask can promise to know: what shows a leak is cited, never quoted."""
    leaked = {mention_id for signal in bulletin.signals if signal.kind == "leak" for mention_id in signal.evidence}
    silent = language.say("Not quoted: it holds a confidential term.")
    evidence = {
        mention_id: cited.model_copy(update={"quote": silent, "url": None}) if mention_id in leaked else cited
        for mention_id, cited in bulletin.evidence.items()
    }
    return bulletin.model_copy(update={"evidence": evidence})


def _without_baits(bulletin: Bulletin) -> Bulletin:
    """Quote what an impostor says without the addresses it lures to: many readers' programs make links of them."""
    posed = {mention_id for signal in bulletin.signals if signal.kind == "impostor" for mention_id in signal.evidence}
    evidence = {
        mention_id: cited.model_copy(update={"quote": without_addresses(cited.quote)}) if mention_id in posed else cited
        for mention_id, cited in bulletin.evidence.items()
    }
    return bulletin.model_copy(update={"evidence": evidence})


def tone_error(languages: Iterable[str]) -> dict[str, float]:
    """Return the measured error of the tone model by language: negative texts found, others mistaken for them."""
    told = {}
    for code in sorted(languages):
        rates = tone_confusion(code)
        told[f"{code}.negative_found"] = round(float(rates[0, 0]), 3)
        told[f"{code}.others_called_negative"] = round(float(rates[1:, 0].mean()), 3)
    return told


def _edition(watch: Watch, material: Material, language: str, *, method_active: int, sources: int) -> Edition:
    status: Literal["done", "no_data"] = "done" if len(material.week) else "no_data"
    return Edition(
        watch=watch.watch,
        organisation=watch.organisation,
        week=material.period.week,
        first=material.period.first,
        last=material.period.last,
        as_of=material.as_of,
        cutoff=material.cutoff,
        timezone=watch.timezone,
        language=language,
        address=f"{watch.delivery.address.rstrip('/')}/{material.period.week}/" if watch.delivery.address else None,
        status=status,
        enough_data=material.enough_data,
        draft=watch.delivery.publish == "review",
        note="",
        rebuilt_before=material.rebuilt_before,
        mentions_read=len(material.week),
        sources_active=method_active,
        sources_expected=sources,
    )


def _tiles(subjects: Subjects, material: Material, *, has_rivals: bool) -> tuple[Tile, ...]:
    known = material.known_weeks > 1
    now = figures.count(subjects.own)
    before = figures.count(subjects.own, 1) if known else None
    negative, negative_before = figures.negative_share(subjects.own), figures.negative_share(subjects.own, 1)
    change = figures.change_pct(now, before)
    tiles = [
        Tile(name="stories", value=now, change=None if change is None else round(change / 100, 4), low=None, high=None),
        Tile(
            name="negative_share",
            value=negative.value,
            # A move that the intervals do not support is no news.
            change=figures.points(negative, negative_before) if known and figures.differs(negative, negative_before) else None,
            low=negative.low,
            high=negative.high,
        ),
    ]
    if has_rivals:
        voice = subjects.voice()
        points = figures.points(voice, subjects.voice(1)) if known else None
        tiles.append(Tile(name="share_of_voice", value=voice.value, change=points, low=voice.low, high=voice.high))
    return tuple(tiles)


def _keep_evidence(bulletin: Bulletin) -> Bulletin:
    """Drop from every list the mentions that could not be quoted: they fell out of the weeks that were read."""
    known = bulletin.evidence.keys()

    def kept(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            item.model_copy(update={"evidence": tuple(one for one in item.evidence if one in known)}) for item in items
        )

    return bulletin.model_copy(
        update={
            "findings": kept(bulletin.findings),
            "signals": kept(bulletin.signals),
            "weak_signals": kept(bulletin.weak_signals),
            "around": kept(bulletin.around),
        }
    )
