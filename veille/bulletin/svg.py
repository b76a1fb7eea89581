"""matplotlib figures as inline SVG that a strict page may hold: no style, no script, no outside reference, small.

Colours become classes, so that the page's own sheet (and its dark mode) paints them.
"""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import matplotlib as mpl
from lxml import etree
from markupsafe import Markup

from veille.reading.arabic import in_arabic_letters

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from matplotlib.figure import Figure

INK, ACCENT, ALERT, MUTED, FAINT = "#111111", "#0072b2", "#b3261e", "#595959", "#d0d0d0"
_CLASSES = {INK: "ink", ACCENT: "accent", ALERT: "alert", MUTED: "muted", FAINT: "faint"}
_NS = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_NUMBER = re.compile(r"-?\d+\.\d+")
_KEPT = {"stroke-width", "stroke-dasharray", "fill-opacity", "stroke-opacity", "opacity", "text-anchor"}
_MIRRORED = {"start": "end", "end": "start", "middle": "middle"}
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "veille",
    # A title from a stranger may hold dollars: it is text, never a formula.
    "text.parse_math": False,
    "text.usetex": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 12,
    "path.simplify": True,
}


def settings() -> AbstractContextManager[None]:
    """Return the context in which every figure of the bulletin is drawn."""
    return cast("AbstractContextManager[None]", mpl.rc_context(_SETTINGS))


def inline(figure: Figure, name: str, *, title: str, description: str = "") -> Markup:
    """Return a figure as one inline `<svg>`.

    Parameters
    ----------
    figure
        A figure drawn inside `settings()` with the colours of this module.
    name
        Unique on the page; it begins every id.
    title, description
        What a screen reader says of it; plain text.
    """
    raw = BytesIO()
    with warnings.catch_warnings():
        # The page's reader has its own fonts: a glyph that is missing here is not missing there.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure.savefig(
            raw, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    tree = etree.fromstring(raw.getvalue(), etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    root = etree.Element(f"{{{_NS}}}svg", nsmap={None: _NS})
    root.set("viewBox", tree.get("viewBox"))
    root.set("role", "img")
    told = [(tag, text) for tag, text in (("title", title), ("desc", description)) if text]
    root.set("aria-labelledby", " ".join(f"{name}-{tag}" for tag, _ in told))
    root.set("class", "chart")
    for tag, text in told:
        child = etree.SubElement(root, f"{{{_NS}}}{tag}", id=f"{name}-{tag}")
        child.text = text
    for child in tree:
        if etree.QName(child).localname != "metadata":
            root.append(child)
    for element in list(root.iter(f"{{{_NS}}}style")):
        element.getparent().remove(element)
    for element in list(root.iter(f"{{{_NS}}}g", f"{{{_NS}}}path", f"{{{_NS}}}use", f"{{{_NS}}}text", f"{{{_NS}}}rect")):
        _dress(element)
    _prune(root)
    _name_ids(root, name)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - built by lxml, which escapes every text


def png(figure: Figure) -> bytes:
    """Return a figure as PNG on white, twice as fine as it is shown: a mail holds no SVG, and knows no dark mode to follow."""
    raw = BytesIO()
    figure.savefig(raw, format="png", dpi=144, facecolor="white", metadata={"Software": None})
    return raw.getvalue()


def _dress(element: etree._Element) -> None:
    """Turn a style attribute into classes for colours and presentation attributes for the rest."""
    style = element.attrib.pop("style", "")
    declared = dict(part.split(":", 1) for part in style.split(";") if ":" in part)
    given = {key.strip(): value.strip() for key, value in declared.items()}
    classes = []
    for paint in ("fill", "stroke"):
        colour = given.get(paint, element.attrib.pop(paint, "")).lower()
        if colour in _CLASSES:
            classes.append(f"{paint[0]}-{_CLASSES[colour]}")
        elif colour == "none" or (paint == "fill" and element.tag.endswith("}path") and style):
            element.set(paint, colour or "none")
    for key in _KEPT.intersection(given):
        element.set(key, given[key])
    if element.tag.endswith("}text"):
        size = re.search(r"([\d.]+)px", given.get("font-size", given.get("font", "")))
        if size:
            element.set("font-size", size[1])
        if "fill" not in given:
            classes.append("f-ink")
        if in_arabic_letters("".join(element.itertext())):
            # Where a line starts is its right end now: the place it is drawn at stays.
            element.set("direction", "rtl")
            element.set("text-anchor", _MIRRORED[element.get("text-anchor", "start")])
    if classes:
        element.set("class", " ".join(classes))
    for key in ("d", "transform", "x", "y", "width", "height", "font-size"):
        if key in element.attrib:
            element.set(key, _round(element.get(key)))


def _round(text: str) -> str:
    rounded = _NUMBER.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), text)
    return re.sub(r"\s+", " ", rounded).strip()


def _prune(root: etree._Element) -> None:
    """Drop groups that hold nothing and the ids that nothing refers to."""
    xml = etree.tostring(root, encoding="unicode")
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', xml))
    names = {one for pair in used for one in pair if one}
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            element.getparent().remove(element)
        elif element.tag.endswith("}g"):
            element.attrib.pop("id", None)
            if len(element) == 0:
                element.getparent().remove(element)
        elif "id" in element.attrib and element.get("id") not in names and not element.tag.endswith(("}title", "}desc")):
            del element.attrib["id"]


def _name_ids(root: etree._Element, name: str) -> None:
    """Begin every id with the figure's name, so that two figures of a page never share one."""
    for element in root.iter():
        if "id" in element.attrib and not element.get("id").startswith(f"{name}-"):
            element.set("id", f"{name}-{element.get('id')}")
        reference = element.attrib.pop(f"{{{_XLINK}}}href", None)
        if reference:
            element.set("href", f"#{name}-{reference[1:]}")
        clip = element.attrib.pop("clip-path", None)
        if clip:
            element.set("clip-path", clip.replace("url(#", f"url(#{name}-"))
