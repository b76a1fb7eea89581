"""Who writes: invented handles with a following, a network and a way of typing that stay with them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from builder.places import FORUM, PIAF, SOCIAL

OFFICIAL = "AquilonMobilites"
IMPOSTOR = "AquiIonMobilites"  # a capital i where the official handle has an l
USERS_ASSOCIATION = "usagers_essiane"

_HEADS = (
    "lulu", "titi", "cactus", "moka", "renard", "biscotte", "gribouille", "plume", "zeste", "nomade", "kiwi", "pixel",
    "brume", "sardine", "cachou", "ronron", "tango", "marmotte", "poivre", "tartine", "galet", "mistigri", "bidule",
    "coquelicot", "moutarde", "roudoudou", "velours", "tornade", "loutre", "mirabelle", "pistache", "cabane", "boussole",
    "filou", "gnocchi", "tisane", "parpaing", "scarabee", "nuage", "pamplemousse", "fougere", "bretzel", "hibou",
    "charlotte_aux_fraises", "noisette", "capuche", "lanterne", "trottinette", "saxo", "mandarine", "pelote", "turbine",
    "cormoran", "maman", "papa", "tonton", "mamie",
)  # fmt: skip
_TAILS = (
    "", "_corvenne", "_du_plateau", "_lauzenne", "31", "_presse", "enretard", "_ligne7", "_debout", "_auvent", "_fatigue",
    "2000", "_off", "77", "_essiane", "_en_vrai", "_des_docks", "_bis", "x", "_le_soir", "_quersac", "_encore", "12",
    "_du_74", "_a_velo", "_la_vraie", "404", "_voyage", "_de_nuit", "_officieux", "_pas_content", "_et_cie", "_zen",
    "_1789", "_au_quai", "_rouge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One invented author."""

    handle: str
    server: str
    followers: int
    care: float


def crowd(rng: random.Random, size: int = 1700) -> list[Person]:
    """Return the authors, the most talkative first."""
    handles = [head + tail for head in _HEADS for tail in _TAILS]
    rng.shuffle(handles)
    people = []
    for handle in handles[:size]:
        server = rng.choices((PIAF, SOCIAL, FORUM), (58, 27, 15))[0]
        care = rng.betavariate(1.6, 1.3) if server == PIAF else rng.betavariate(3.2, 1.1)
        people.append(Person(handle, server, int(rng.lognormvariate(5.0, 1.3)), care))
    return people


class Cast:
    """Draws authors: few speak often, most speak once."""

    def __init__(self, people: list[Person]) -> None:
        self._by_server = {server: [person for person in people if person.server == server] for server in (PIAF, SOCIAL, FORUM)}

    def draw(self, rng: random.Random, server: str) -> Person:
        """Return an author of a server."""
        people = self._by_server[server]
        return people[int(len(people) * rng.random() ** 1.8)]
