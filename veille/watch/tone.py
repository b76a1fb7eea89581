"""Which model reads how a mention speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from veille.watch.values import AsTuple, Model, Text, problem

BUILT_IN = "built-in"
"""Name of the model of tone that veille ships."""


def _code(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[a-z]{2}", value):
        raise problem(f"“{value}” is not the code of a language", "write two letters of ISO 639-1, such as fr")
    return value


class ToneModel(Model):
    """How a mention speaks: by the model that veille ships, or by a transformer that you name."""

    model: Text = Field(default=BUILT_IN, description="`built-in`, a folder of a model, or its Hugging Face name")
    languages: Annotated[tuple[Annotated[str, BeforeValidator(_code)], ...], AsTuple] = Field(
        default=(), description="Languages the named model reads, ISO 639-1; mentions in others are not read"
    )
    labels: dict[Text, Literal["negative", "neutral", "positive"]] = Field(
        default={}, description="What its labels mean, where their names do not say it: `{LABEL_0: negative}`"
    )
    download: bool = Field(
        default=False, description="Whether a model that is not on this machine may be fetched from the Hugging Face Hub"
    )

    @model_validator(mode="after")
    def _together(self) -> ToneModel:
        for what, hint in self._problems():
            raise PydanticCustomError("veille", "{what}", {"what": what, "hint": hint})
        return self

    def _problems(self) -> Iterator[tuple[str, str]]:
        if self.model == BUILT_IN and (self.languages or self.labels or self.download):
            yield (
                "says something of a model that it does not name: languages, labels and download belong to one",
                "name it with model:, or leave them out",
            )
        elif self.model != BUILT_IN and not self.languages:
            yield "does not say which languages the model reads", "add languages: [fr, en], as its description says"
