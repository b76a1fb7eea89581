"""A small watch whose mentions went through every verb, so that its tables hold what the verbs really write."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from veille.gather.rows import mentions_frame
from veille.gather.save import save
from veille.labels.tables import LABELS
from veille.mention import MENTIONS, Mention, MentionKind
from veille.period import Period
from veille.reading import read
from veille.reading.entities.find import find
from veille.reading.relevance import judge
from veille.signals import detect
from veille.signals.journal import acknowledge
from veille.store import Store
from veille.topics import update
from veille.watch import Watch, load_watch

YML = """\
watch: essai
organisation: Essai
subjects:
  - {id: essai, name: Essai, role: self, query: 'essai'}
rules:
  - {id: r1, title: Rappel, duty: "informer sous 24 heures", trigger: [intoxication], source: loi}
privacy: {retention_days: 90}
"""
HANDLE = "@zorglub_75"
SECRET = "Essai m'a empoisonné : Maître Zorgluquet porte plainte après l'intoxication de la cantine du lycée Kropotkine"
SECRETS = ("zorgluquet", "kropotkine")
END = datetime(2026, 3, 2, 8, tzinfo=UTC)
PERIOD = Period(END.date() - timedelta(days=7), END.date() - timedelta(days=1), "Europe/Paris")
_PRESS = [
    "Essai : des clients hospitalisés après une intoxication",
    "Essai savait : un rapport dissimulé sur l'intoxication",
    "Rappel de produits Essai, une enquête ouverte après l'intoxication",
    "Essai accusé de négligence par les victimes de l'intoxication",
    "Intoxication chez Essai : trois plaintes déposées",
]


def told(text: str, moment: datetime, **more: object) -> Mention:
    given = {"kind": MentionKind.ARTICLE.value, "title": text, "text": "", **more}
    return Mention("presse", "rss", published_at=moment, **given)  # type: ignore[arg-type]


def posted(text: str, moment: datetime, native: str, **more: object) -> Mention:
    url = f"https://social.example/p/{native}"
    return Mention(
        "social", "mastodon", text, moment, native_id=native, url=url, author_followers=90_000, gathered_at=moment, **more
    )  # type: ignore[arg-type]


def quiet() -> list[Mention]:
    start = END - timedelta(days=70)
    return [
        told(
            f"Essai ouvre une agence numéro {number} en région",
            start + timedelta(days=2 * number),
            url=f"https://a.fr/{number}",
        )
        for number in range(30)
    ]


def crisis() -> list[Mention]:
    start = END - timedelta(days=4)
    press = [
        told(f"{title} {part}", start + timedelta(hours=5 * n + 2 * m), url=f"https://journal{n}.fr/{m}")
        for n, title in enumerate(_PRESS)
        for m, part in enumerate(("ce lundi", "selon la préfecture"))
    ]
    theirs = [
        posted(SECRET, start, "1", author=HANDLE, likes=400),
        posted(f"{SECRET}, c'est confirmé", start + timedelta(hours=9), "2", author=HANDLE, media=["https://p.example/z.jpg"]),
        posted(SECRET, start + timedelta(hours=2), "3", author="@autre", kind=MentionKind.REPOST.value, parent_id="1"),
        posted("Essai doit répondre de l'intoxication", start + timedelta(hours=3), "4", author="@autre", parent_id="1"),
    ]
    return [*theirs, *press]


@dataclass(frozen=True)
class Memory:
    watch: Watch
    store: Store

    def put(self, mentions: list[Mention], at: datetime = END) -> None:
        save(self.watch, self.store, mentions_frame(mentions, self.watch, self.store.key), at)

    def ids(self, word: str) -> list[str]:
        rows = self.store.load(MENTIONS, ["mention_id", "title", "text"])
        return rows.loc[(rows["title"] + rows["text"]).str.lower().str.contains(word), "mention_id"].tolist()

    def holding(self, *secrets: str) -> dict[str, list[str]]:
        """Return the files of the store that hold each secret, in their bytes or in what they decompress to."""
        found: dict[str, list[str]] = {secret: [] for secret in secrets}
        for path in sorted(self.watch.store_path.rglob("*")):
            if path.is_file():
                content = path.read_bytes().decode("utf-8", "replace")
                if path.suffix == ".parquet":
                    content += json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)
                for secret in secrets:
                    if secret.lower() in content.lower():
                        found[secret].append(path.relative_to(self.watch.store_path).as_posix())
        return {secret: files for secret, files in found.items() if files}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the watch once all that it was told has been read, sorted, detected and labelled."""
    folder = tmp_path_factory.mktemp("privacy") / "essai"
    folder.mkdir()
    memory = _open(folder)
    watch, store = memory.watch, memory.store
    memory.put(quiet())
    memory.put(crisis())
    read(watch, store, END)
    judge(watch, store, END)
    update(watch, store, END)
    signals = detect(watch, store, END, PERIOD).signals
    assert len(signals)
    find(watch, store, END, PERIOD)
    acknowledge(store, signals["signal_id"].iloc[0], END, "Anne", f"vu : « {SECRET} »")
    label = {"label_id": "l1", "mention_id": memory.ids("zorgluquet")[0], "what": "tone", "value": "negative"}
    store.merge(LABELS, LABELS.check(pd.DataFrame([{**label, "at": END, "by": "Anne", "note": SECRET}])))
    # What a source corrected is kept too.
    memory.put([posted("Essai : texte retiré", END - timedelta(days=4), "1", author=HANDLE)], END + timedelta(hours=1))
    return folder


@pytest.fixture
def memory(prepared: Path, tmp_path: Path) -> Memory:
    return _open(shutil.copytree(prepared, tmp_path / "essai"))


def _open(folder: Path) -> Memory:
    file = folder / "watch.yml"
    file.write_text(YML, encoding="utf-8")
    watch = load_watch(file)
    return Memory(watch, Store(watch))
