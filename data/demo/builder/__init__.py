"""The builder of the demonstration watch: hand-written texts, varied with a fixed seed into eighteen weeks of mentions."""

from __future__ import annotations

from builder.assemble import build

__all__ = ["build"]
