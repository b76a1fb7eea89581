"""The styles of a page and the policy that lets nothing else in: no script, no outside reference, no styles of a stranger."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from veille.bulletin.base import Marking

_TEMPLATES = Path(__file__).parent / "templates"
# What the protocol writes its markings with, on black.
_INKS = {
    Marking.CLEAR: "#fff",
    Marking.GREEN: "#33ff00",
    Marking.AMBER: "#ffc000",
    Marking.AMBER_STRICT: "#ffc000",
    Marking.RED: "#ff2b2b",
}


def styled(marking: Marking, *names: str) -> tuple[str, str]:
    """Return the styles of a page of that marking, from files among the templates, and its Content-Security-Policy."""
    style = "".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    style = style.replace("TLP:MARKING", marking.value).replace("TLP:INK", _INKS[marking])
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return style, f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
