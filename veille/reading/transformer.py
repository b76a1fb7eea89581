"""A transformer that somebody else trained, as the model of tone: by its folder or its Hugging Face name.

It is taken from this machine; only safetensors are read and no code of the model is run. Its error is not known here: what
it reads is counted as read, and corrected by nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import softmax

from veille.errors import UsageError
from veille.folding import clean_text
from veille.reading import tone
from veille.reading.transformer_labels import meanings, tone_probabilities
from veille.watch import BUILT_IN, Watch

# Raised when the way of reading with a transformer changes.
_RULES = 1
_PACKAGES = ("transformers", "torch")
_TEXTS_A_BATCH = 32
# Longer inputs cost the square of their length; leads are rarely longer.
_MOST_TOKENS = 512
Stamp = tuple[Path, int, int]
_PATTERNS = ("*.safetensors", "*.json", "*.txt", "*.model")
_INSTALL = f"pip install 'veille[transformers]', or set tone.model to {BUILT_IN}"


class NotHereError(UsageError):
    """A model that is named is not on this machine, and was not fetched."""


class Transformer:
    """A model of tone that a watch names.

    Parameters
    ----------
    name
        As watch.yml spells it.
    folder
        Where its files are.
    languages
        ISO 639-1 codes that it reads.
    labels
        What a person says its labels mean.
    local
        Whether the folder has the name of the model, and not of one of its revisions.

    Raises
    ------
    UsageError
        Its files are not what they must be, or its labels say nothing of tone.
    """

    def __init__(
        self, name: str, folder: Path, languages: Sequence[str], labels: Mapping[str, str], *, local: bool = True
    ) -> None:
        self.name, self.languages = name, tuple(sorted(languages))
        self._folder, self._local = folder, local
        self._given = dict(labels)
        self._loaded: tuple[Any, Any] | None = None
        if not any(folder.glob("*.safetensors")):
            raise UsageError(
                f"tone.model {name!r} holds no weights in safetensors, the only form that is read: others can run code",
                "take one that has model.safetensors, or have its author convert it",
            )
        self.meaning = meanings(_label_names(name, folder), self._given, name)

    @property
    def version(self) -> str:
        """Name, and the heads of the hashes of its files and of what the watch says of it; without slashes."""
        said = json.dumps([_RULES, self.languages, sorted(self._given.items())])
        short = re.sub(r"[^A-Za-z0-9.]+", "-", self._folder.name if self._local else self.name).strip("-")[-40:]
        return f"{tone.FOREIGN}{short}-{_files_hash(_stamps(self._folder))}-{hashlib.sha256(said.encode()).hexdigest()[:6]}"

    def require(self) -> None:
        """Say whether what it needs is installed; nothing is loaded.

        Raises
        ------
        UsageError
            A package is missing.
        """
        missing = [package for package in _PACKAGES if find_spec(package) is None]
        if missing:
            raise UsageError(f"tone.model {self.name!r} needs the package {missing[0]}, which is not installed", _INSTALL)

    def load(self) -> None:
        """Load it, once.

        Raises
        ------
        UsageError
            A package is missing, or the files are no classifier that can be read without running code.
        """
        if self._loaded is None:
            self.require()
            self._loaded = _load(self.name, self._folder, len(self.meaning))

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the probabilities of negative, neutral and positive, shape (texts, 3), four decimals; not calibrated.

        Raises
        ------
        UsageError
            As of `load`, or the model returns no finite numbers.
        """
        self.load()
        assert self._loaded is not None
        safe = pd.Series([clean_text(text) for text in texts], dtype="object")
        # A text once, the short ones together: copies are frequent, and a batch is as long as its longest.
        place, unique = pd.factorize(safe)
        order = np.argsort([len(text) for text in unique], kind="stable")
        logits = np.zeros((len(unique), len(self.meaning)))
        size = _TEXTS_A_BATCH if self._loaded[0].pad_token is not None else 1
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            logits[rows] = _logits(*self._loaded, [str(unique[row]) for row in rows])
        if not np.isfinite(logits).all():
            raise UsageError(f"tone.model {self.name!r} returns values that are no numbers", f"set tone.model to {BUILT_IN}")
        return np.round(tone_probabilities(np.asarray(softmax(logits, axis=1)), self.meaning), 4)[place]

    def tones(self, text: pd.Series, language: pd.Series) -> pd.DataFrame:
        """Return the tone of each text, as `tone.tones` does; `not_read` in languages that were not declared."""
        table = np.full((len(text), 3), np.nan)
        rows = np.flatnonzero(language.isin(self.languages).to_numpy())
        if len(rows):
            table[rows] = self.probabilities(text.iloc[rows].tolist())
        return tone.framed(table, text.index)


def of_watch(watch: Watch) -> Transformer | None:
    """Return the transformer that a watch names, None where tone is read by the built-in model.

    Raises
    ------
    UsageError
        It is not on this machine, or is no model of tone.

    Notes
    -----
    Nothing is loaded yet, so that a version can be told without the packages that reading needs.
    """
    if watch.tone.model == BUILT_IN:
        return None
    settings = watch.tone
    folder = watch.resolve(settings.model)
    local = folder.is_dir()
    if not local:
        if _is_path(settings.model):
            raise UsageError(f"tone.model {settings.model!r} is not a folder", "paths start from the folder of watch.yml")
        folder = _from_hub(settings.model, download=settings.download)
    labels = tuple(sorted(settings.labels.items()))
    return _kept(settings.model, folder, settings.languages, labels, local, _stamps(folder))


# A process reads by one model, or by few: each takes as much memory as its weights.
@lru_cache(maxsize=2)
def _kept(
    name: str,
    folder: Path,
    languages: tuple[str, ...],
    labels: tuple[tuple[str, str], ...],
    local: bool,
    stamps: tuple[Stamp, ...],
) -> Transformer:
    return Transformer(name, folder, languages, dict(labels), local=local)


def _stamps(folder: Path) -> tuple[Stamp, ...]:
    """Return the files of a model with their sizes and times of change, which say when it is another."""
    files = sorted({path for pattern in _PATTERNS for path in folder.glob(pattern)})
    return tuple((path, path.stat().st_size, path.stat().st_mtime_ns) for path in files)


def _is_path(name: str) -> bool:
    return name.startswith((".", "/", "~")) or name.count("/") > 1 or Path(name).expanduser().is_absolute()


def _from_hub(name: str, *, download: bool) -> Path:
    """Return the folder of a model in the Hub's cache; the network is asked only where the watch allows it."""
    if find_spec("huggingface_hub") is None:
        raise UsageError(
            f"tone.model {name!r} is not a folder, and the package transformers, which knows models by name, is not installed",
            _INSTALL,
        )
    from huggingface_hub import snapshot_download

    offline = os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}
    patterns = list(_PATTERNS)
    try:
        # What is here is taken as it is: a later revision at the Hub must not change what a run reads.
        here = Path(snapshot_download(name, local_files_only=True, allow_patterns=patterns))
        if not download or any(here.glob("*.safetensors")):
            return here
        refused: Exception | None = None
    except (OSError, ValueError, RuntimeError) as error:
        refused = error
    try:
        if download and not offline:
            return Path(snapshot_download(name, allow_patterns=patterns))
    except (OSError, ValueError, RuntimeError) as error:
        refused = error
    why = f"it cannot be fetched: {_first_line(refused)}" if refused and download else "the watch does not allow to fetch it"
    raise NotHereError(
        f"tone.model {name!r} is not on this machine, and {'HF_HUB_OFFLINE is set' if download and offline else why}",
        f"put it in a folder and name that, or fetch it once: hf download {name}; tone.download: true lets veille fetch it",
    ) from refused


def _label_names(name: str, folder: Path) -> list[str]:
    """Return the labels in the order of the model's outputs, as its config.json has them."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        if config.get("problem_type") not in (None, "single_label_classification"):
            raise UsageError(
                f"tone.model {name!r} gives several labels to one text, or a number", "take one that gives one label to each"
            )
        named = config.get("id2label") or {str(place): f"LABEL_{place}" for place in range(config.get("num_labels") or 2)}
        return [str(named[place]) for place in sorted(named, key=int)]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(
            f"the config.json of tone.model {name!r} cannot be read: {_first_line(error)}", "copy the model again"
        ) from error


@cache
def _files_hash(stamps: tuple[Stamp, ...]) -> str:
    """Return the head of the hash of the files; sizes and times only say when to look again."""
    content = hashlib.sha256()
    for path, _, _ in stamps:
        content.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            content.update(hashlib.file_digest(file, "sha256").digest())
    return content.hexdigest()[:10]


def _load(name: str, folder: Path, labels: int) -> tuple[Any, Any]:
    try:
        from safetensors import SafetensorError
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        raise UsageError(
            f"tone.model {name!r} needs transformers and torch, which do not work here: {_first_line(error)}", _INSTALL
        ) from error
    # What it tells while it loads is said below, in one sentence, or is a bar of progress.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    given: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **given)
        model, told = AutoModelForSequenceClassification.from_pretrained(
            str(folder), use_safetensors=True, output_loading_info=True, **given
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, SafetensorError) as error:
        raise UsageError(
            f"tone.model {name!r} cannot be loaded: {_first_line(error)}",
            "try another: code of models is never run",
        ) from error
    untrained = sorted(told["missing_keys"])
    if untrained or model.config.num_labels != labels:
        raise UsageError(
            f"tone.model {name!r} was not trained to classify texts: it has no {untrained[0] if untrained else 'such labels'}",
            "take a model of sentiment, not the language model it was made from",
        )
    return tokenizer, model.float().eval()


def _logits(tokenizer: Any, model: Any, texts: list[str]) -> NDArray[np.float64]:
    import torch

    # Positions of RoBERTa and its like start at 2.
    room = (getattr(model.config, "max_position_embeddings", None) or _MOST_TOKENS + 2) - 2
    longest = min(room, int(tokenizer.model_max_length), _MOST_TOKENS)
    given = tokenizer(texts, padding=len(texts) > 1, truncation=True, max_length=longest, return_tensors="pt")
    with torch.inference_mode():
        return np.asarray(model(**given).logits.numpy(), np.float64)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
