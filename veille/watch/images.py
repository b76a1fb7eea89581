"""Which pictures are looked at, and what is looked for in them."""

from __future__ import annotations

from pydantic import Field

from veille.watch.values import Model, Text, Texts


class Images(Model):
    """How the pictures of mentions are looked at. Those brought by `veille add` and those of `folder` need no network."""

    fetch: bool = Field(
        default=False, description="Whether pictures are fetched from their addresses; their servers then see it"
    )
    folder: Text | None = Field(
        default=None,
        description="Folder of pictures saved as `HOST/PATH` of their addresses; read before any network",
    )
    logos: Texts = Field(default=(), description="Files of the organisation's logos: JPEG, PNG, WebP or GIF")
    most_a_run: int = Field(default=200, ge=1, le=10_000, description="Most pictures looked at in one run")
    seconds: int = Field(default=60, ge=1, le=3600, description="Seconds after which a run looks at no further picture")
    thumbnails_mb: int = Field(default=50, ge=1, le=10_000, description="Room for thumbnails in megabytes; the oldest go first")
