"""Write down what was hidden, so that a test, a replay or a reader can look it up."""

from __future__ import annotations

import json

from builder.events import PICTURE
from builder.everyday import MEME
from builder.people import IMPOSTOR, OFFICIAL
from builder.record import Made

# event_id, subject, onset, end, kind, theme; dates are local and inclusive
EVENTS = (
    ("aquilon-greve-2026-09-24", "aquilon", "2026-09-21", "2026-09-27", "crisis", "greve39"),
    ("aquilon-billettique-2026-10-20", "aquilon", "2026-10-20", "2026-10-23", "crisis", "billettique43"),
    ("rivale-fuite-2026-11-12", "rivale", "2026-11-12", "2026-11-17", "crisis", "rivalefuite"),
    ("aquilon-velos-2026-11-19", "aquilon", "2026-11-19", "2026-11-22", "crisis", "feu"),
    ("aquilon-rentree-2026-08-31", "aquilon", "2026-08-24", "2026-09-11", "not_crisis", "rentree"),
    ("aquilon-weekend-gratuit-2026-09-12", "aquilon", "2026-09-11", "2026-09-13", "not_crisis", "weekend"),
    ("aquilon-naissance-2026-11-16", "aquilon", "2026-11-16", "2026-11-18", "not_crisis", "naissance"),
)


# name, what, subject, and how its mentions are known: by theme, tag or picture
HIDDEN = (
    ("crisis", "Shared bicycles catch fire; rumour that it was known since September", "aquilon", "theme", "feu"),
    ("crisis_first", "The first post of the crisis and its reposts", "aquilon", "tag", "premier"),
    ("crisis_rumour", "The rumour of concealment, from Thursday evening", "aquilon", "tag", "rumeur"),
    ("weak_signal", "Smell of mould and headaches at the depot of the Zone des Chênes", "aquilon", "tag", "odeur"),
    ("positive_surge", "A birth on bus 12: large, warm, no crisis", "aquilon", "theme", "naissance"),
    ("positive_surge_september", "A free week-end in September", "aquilon", "theme", "weekend"),
    ("competitor_crisis", "Data leak at Rivale Mobilités", "rivale", "theme", "rivalefuite"),
    ("vote", "Funding of the tram-train is postponed: calls decision d1 into question", "aquilon", "tag", "vote"),
    ("leak", "The confidential project name, once as written, once varied", "aquilon", "tag", "fuite"),
    ("impostor", f"@{IMPOSTOR} beside the official @{OFFICIAL}", "aquilon", "tag", "imposteur"),
    ("question_answered", "My own bicycle on board? Message m-velo is valid", "aquilon", "theme", "q-velo"),
    ("question_expired", "Student fare? Message m-tarif-jeune expired on 31 August 2026", "aquilon", "theme", "q-tarif"),
    ("question_unanswered", "Refund of a cancelled train? No message", "aquilon", "theme", "q-rembours"),
    ("same_picture", f"One picture in many mentions: {PICTURE}", "aquilon", "media", PICTURE),
    ("same_picture_everyday", f"A picture that returns for months: {MEME}", "aquilon", "media", MEME),
    ("arabic_and_darija", "Arabic, and Darija in Arabic script and Arabizi", "aquilon", "theme", "arabe"),
    ("hostile", "Markup, scripts, formulas, marks of direction, control characters", "", "theme", "hostiles"),
    ("strike", "Older episode: a strike in week 39", "aquilon", "theme", "greve39"),
    ("ticketing", "Older episode: ticketing breakdown in week 43", "aquilon", "theme", "billettique43"),
    ("homonyms", "Cheese, wind, ships and a band of the same name", "", "theme", "homonymes"),
    ("spam", "Spam", "", "theme", "pourriel"),
)


def truth_csv(made: list[Made]) -> str:
    """Return the labelled windows in the form that `veille replay --truth` reads."""
    lines = ["event_id,subject,onset,end,kind,mentions"]
    for event_id, subject, onset, end, kind, theme in EVENTS:
        lines.append(f"{event_id},{subject},{onset},{end},{kind},{sum(one.theme == theme for one in made)}")
    return "\n".join(lines) + "\n"


def _belongs(one: Made, by: str, value: str) -> bool:
    if by == "media":
        return value in one.row["media"]
    return (one.theme if by == "theme" else one.tag) == value


def truth_yml(made: list[Made]) -> str:
    """Return every hidden thing with the names (native id, or address of an article) of its mentions."""
    lines = [
        "# What is hidden in mentions.jsonl.gz. Written by build.py; everything is fictional.",
        "# Mentions are named by their native id, articles by their address.",
    ]
    for name, what, subject, by, value in HIDDEN:
        names = [one.name for one in made if _belongs(one, by, value)]
        lines += [f"{name}:", f"  what: {json.dumps(what, ensure_ascii=False)}", f"  subject: {json.dumps(subject)}"]
        lines += [f"  count: {len(names)}", "  mentions:"]
        lines += [f"    - {json.dumps(one)}" for one in names]
    groups: dict[str, list[str]] = {}
    for one in made:
        if one.copy_of:
            groups.setdefault(one.copy_of, []).append(one.name)
    lines += ["copies:", '  what: "Wire copies and reposts: one story each, the first is the original"', "  groups:"]
    lines += [f"    - [{', '.join(json.dumps(name) for name in names)}]" for names in groups.values() if len(names) > 1]
    return "\n".join(lines) + "\n"
