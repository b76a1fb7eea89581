"""Pictures drawn for measuring: scenes and their copies, screens of text, logos and what people do to them."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Rng = np.random.Generator
SIZE = (480, 360)
WORDS = [
    "greve",
    "bus",
    "trottinette",
    "carte",
    "tarif",
    "retard",
    "panne",
    "conducteur",
    "station",
    "ligne",
    "velo",
    "train",
    "nuit",
    "maire",
    "vote",
    "prix",
    "ticket",
    "colere",
    "usager",
    "quai",
    "feu",
    "batterie",
    "incendie",
    "accident",
    "enquete",
    "sondage",
    "budget",
    "travaux",
    "tunnel",
    "pont",
    "metro",
    "tram",
]


def colour(rng: Rng) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 256, 3)
    return int(red), int(green), int(blue)


def scene(rng: Rng) -> Image.Image:
    """A sky, a ground, shapes of things, and the grain of a photograph."""
    width, height = SIZE
    top, bottom = np.array(colour(rng)), np.array(colour(rng))
    ramp = np.linspace(0, 1, height)[:, None, None]
    ground = top * (1 - ramp) + bottom * ramp + rng.normal(0, 4, (height, width, 3))
    image = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(7, 16))):
        x, y = int(rng.integers(-40, width)), int(rng.integers(-40, height))
        w, h = int(rng.integers(30, 220)), int(rng.integers(30, 220))
        kind = rng.integers(0, 3)
        if kind == 0:
            draw.rectangle((x, y, x + w, y + h), fill=colour(rng))
        elif kind == 1:
            draw.ellipse((x, y, x + w, y + h), fill=colour(rng))
        else:
            points = [(x + int(rng.integers(0, w)), y + int(rng.integers(0, h))) for _ in range(4)]
            draw.polygon(points, fill=colour(rng))
    return image.filter(ImageFilter.GaussianBlur(1))


def screen(rng: Rng) -> Image.Image:
    """A post as a telephone shows it: always the same frame, other words."""
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((16, 16, 56, 56), fill=(120, 140, 160))
    font = ImageFont.load_default(20)
    draw.text((70, 24), f"{rng.choice(WORDS)} {rng.choice(WORDS)}", fill="black", font=font)
    for line in range(int(rng.integers(5, 9))):
        words = " ".join(rng.choice(WORDS, int(rng.integers(3, 7))))
        draw.text((20, 80 + 32 * line), words, fill="black", font=font)
    return image


def lettered(image: Image.Image, words: str, *, top: bool = True) -> Image.Image:
    """Words over a picture, as memes have them."""
    result = image.copy()
    draw = ImageDraw.Draw(result)
    size = max(18, image.width // 13)
    place = (image.width // 2, size * 0.9 if top else image.height - size * 0.9)
    font = ImageFont.load_default(size)
    draw.text(place, words, fill="white", font=font, anchor="mm", stroke_width=max(2, size // 12), stroke_fill="black")
    return result


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def cropped(image: Image.Image, share: float, rng: Rng) -> Image.Image:
    width, height = image.size
    left, right = rng.dirichlet((1, 1)) * share
    up, down = rng.dirichlet((1, 1)) * share
    return image.crop((int(left * width), int(up * height), int(width - right * width), int(height - down * height)))


def meme(rng: Rng, image: Image.Image) -> Image.Image:
    words = [" ".join(rng.choice(WORDS, 2)).upper() for _ in range(2)]
    return lettered(lettered(image, words[0]), words[1], top=False)


COPIES: dict[str, Callable[[Rng, Image.Image], Image.Image]] = {
    "smaller": lambda rng, image: image.resize((image.width // 3, image.height // 3)),
    "larger": lambda rng, image: image.resize((image.width * 2, image.height * 2)),
    "recompressed": lambda rng, image: recompressed(image, int(rng.integers(15, 40))),
    "brighter": lambda rng, image: ImageEnhance.Brightness(image).enhance(float(rng.uniform(0.75, 1.3))),
    "contrast": lambda rng, image: ImageEnhance.Contrast(image).enhance(float(rng.uniform(0.7, 1.4))),
    "grey": lambda rng, image: ImageOps.grayscale(image).convert("RGB"),
    "crop 5 %": lambda rng, image: cropped(image, 0.05, rng),
    "crop 12 %": lambda rng, image: cropped(image, 0.12, rng),
    "bordered": lambda rng, image: ImageOps.expand(image, border=int(rng.integers(6, 20)), fill=colour(rng)),
    "meme": meme,
}


def emblem(rng: Rng) -> Image.Image:
    """A logo on transparent ground: two shapes and, every second time, letters."""
    image = Image.new("RGBA", (240, int(rng.choice([120, 160, 240]))), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    first, second = dark(rng), dark(rng)
    kind = int(rng.integers(0, 4))
    box = (8, 8, height - 8, height - 8)
    if kind == 0:
        draw.ellipse(box, fill=first)
        draw.pieslice(box, int(rng.integers(0, 360)), int(rng.integers(400, 600)), fill=second)
    elif kind == 1:
        draw.rounded_rectangle(box, 20, fill=first)
        points = [(int(rng.integers(10, height - 10)), int(rng.integers(10, height - 10))) for _ in range(3)]
        draw.polygon(points, fill="white")
    elif kind == 2:
        for number in range(3):
            top = 12 + number * (height - 24) // 3
            draw.rectangle(
                (10, top, int(rng.integers(height // 2, height)), top + (height - 24) // 4), fill=(first, second)[number % 2]
            )
    else:
        points = [(int(rng.integers(4, height)), int(rng.integers(4, height))) for _ in range(6)]
        draw.polygon(points, fill=first)
        draw.ellipse((height // 3, height // 3, 2 * height // 3, 2 * height // 3), fill=second)
    if width > height:
        letters = "".join(rng.choice(list("ABDEFGHKLMNOPRSTUVXZ"), 3))
        draw.text(
            (height + 4, height // 2),
            letters,
            fill=first,
            font=ImageFont.load_default(int((width - height) / 1.9)),
            anchor="lm",
        )
    return image.crop(image.getbbox())


def dark(rng: Rng) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 150, 3)
    return int(red), int(green), int(blue)


def plate(logo: Image.Image, ground: tuple[int, int, int] = (255, 255, 255), margin: int = 10) -> Image.Image:
    image = Image.new("RGB", (logo.width + 2 * margin, logo.height + 2 * margin), ground)
    image.paste(logo, (margin, margin), logo)
    return image


def placed(rng: Rng, sign: Image.Image, ground: Image.Image) -> Image.Image:
    """Lay a plate somewhere on a picture, from a fifth to three fifths of its width."""
    share = float(rng.uniform(0.22, 0.6))
    width = int(ground.width * share)
    height = min(int(sign.height * width / sign.width), ground.height - 2)
    small = sign.resize((width, height), Image.Resampling.LANCZOS)
    result = ground.copy()
    result.paste(small, (int(rng.integers(0, ground.width - width + 1)), int(rng.integers(0, ground.height - height + 1))))
    return result


def struck(rng: Rng, sign: Image.Image) -> Image.Image:
    """A plate with a word, or a cross, over it."""
    result = sign.copy()
    draw = ImageDraw.Draw(result)
    width, height = sign.size
    if rng.integers(0, 2):
        font = ImageFont.load_default(max(16, height // 4))
        draw.text(
            (width / 2, height / 2), str(rng.choice(["HONTE", "STOP", "VOLEURS"])), fill=(220, 0, 0), font=font, anchor="mm"
        )
    else:
        thick = max(5, height // 14)
        draw.line((4, 4, width - 4, height - 4), fill=(220, 0, 0), width=thick)
        draw.line((4, height - 4, width - 4, 4), fill=(220, 0, 0), width=thick)
    return result
