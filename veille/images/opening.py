"""Open a stranger's picture: few formats, bounded pixels, first frame, upright, and nothing left of it but its pixels."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass

from PIL import Image

from veille.images.tables import Refusal

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 25_000_000
"""Largest picture that is unpacked, about 100 MB of memory: more than networks show."""
WORKING_SIDE = 1600
"""Longest side, in pixels, on which words and logos are looked for."""
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset(_TURNS[code] for code in (5, 6, 7, 8))
_SVG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)", re.IGNORECASE)
_OTHERS = (b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00", b"%PDF", b"8BPS")


class RefusedError(Exception):
    """Bytes that are no picture this room opens.

    Parameters
    ----------
    refusal
        Which kind of reason.
    said
        The reason as one sentence.
    """

    def __init__(self, refusal: Refusal, said: str) -> None:
        super().__init__(said)
        self.refusal = refusal
        self.said = said


@dataclass(frozen=True, slots=True)
class Opened:
    """The pixels of a picture.

    Parameters
    ----------
    picture_id
        First 16 bytes, hex, of SHA-256 over the bytes.
    width, height
        Its size in pixels, upright.
    image
        Red, green and blue, longest side at most `WORKING_SIDE`, what is transparent on white; no metadata.
    """

    picture_id: str
    width: int
    height: int
    image: Image.Image


def open_picture(content: bytes) -> Opened:
    """Return the pixels of a picture, whatever a server says that it is.

    Parameters
    ----------
    content
        The bytes; only what they begin with counts, never a name or a media type.

    Raises
    ------
    RefusedError
        They are no picture, one of another format, too large, or broken.
    """
    image, (width, height) = _opened(content)
    digest = hashlib.sha256(content).digest()[:16].hex()
    return Opened(digest, width, height, flattened(image, (255, 255, 255)))


def open_layers(content: bytes) -> Image.Image:
    """Return a picture with its transparency, as logos have it; see `open_picture` for what is refused."""
    return _opened(content)[0]


def flattened(image: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    """Return the picture in red, green and blue, what is transparent laid on a background."""
    if image.mode == "RGB":
        return image
    layered = image.convert("RGBA")
    ground = Image.new("RGBA", layered.size, (*background, 255))
    return Image.alpha_composite(ground, layered).convert("RGB")


def _opened(content: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """Return the pixels, in RGB or RGBA and no larger than needed, and the size of the picture, both upright."""
    if len(content) > MOST_BYTES:
        raise RefusedError(Refusal.TOO_LARGE, f"larger than {MOST_BYTES >> 20} MB")
    if _SVG.match(content[:256]):
        raise RefusedError(Refusal.SVG, "a drawing in SVG or XML, which can hold scripts and addresses")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Exception as error:
        if content.startswith(_OTHERS):
            raise RefusedError(Refusal.FORMAT, f"a format that is not opened; these are: {', '.join(FORMATS)}") from error
        if isinstance(error, Image.DecompressionBombError):
            raise RefusedError(Refusal.TOO_MANY_PIXELS, _too_many()) from error
        raise RefusedError(Refusal.NO_PICTURE, "no picture") from error
    size = image.size
    if size[0] * size[1] > MOST_PIXELS:
        raise RefusedError(Refusal.TOO_MANY_PIXELS, _too_many())
    # Pillow's decoders raise what they please on bytes that were made to hurt them: any of it means one thing here.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
            image.load()
            turn = _turn(image)
            pixels = _bare(image, turn)
    except Exception as error:
        raise RefusedError(Refusal.BROKEN, "broken off or damaged") from error
    return pixels, size[::-1] if turn in _SIDEWAYS else size


def _too_many() -> str:
    return f"more than {MOST_PIXELS // 1_000_000} million pixels"


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return how a picture must be turned to stand upright; a damaged EXIF block is no reason to lose it."""
    try:
        return _TURNS.get(int(image.getexif().get(_ORIENTATION, 1)))
    except Exception:  # noqa: BLE001 - as above
        return None


def _bare(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """Return a new picture of the pixels alone, upright; colour profiles are not believed, and nothing else is kept."""
    transparent = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    pixels = _eight_bits(image).convert("RGBA" if transparent else "RGB")
    pixels.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS)
    if turn is not None:
        pixels = pixels.transpose(turn)
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    return bare


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return 16 bits a pixel as 8: converting would cut off instead."""
    if not image.mode.startswith("I;16"):
        return image
    return image.point(lambda level: level / 256).convert("L")
