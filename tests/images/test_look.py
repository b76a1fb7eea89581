"""`look`: pictures of a real server, of the state folder and of a folder of saved ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from deltalake import DeltaTable
from PIL import Image

from tests.images.conftest import AS_OF, png
from tests.loopback import Server
from veille import images
from veille.errors import UsageError
from veille.images import MEDIA, PICTURES, Refusal
from veille.images.opening import MOST_BYTES
from veille.images.thumbnails import folder, kept
from veille.mention import MENTIONS
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch


@pytest.fixture(autouse=True)
def no_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Reading words takes a second a picture; test_words.py does."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def media(watch: Watch) -> pd.DataFrame:
    return Store(watch).load(MEDIA).set_index("address")


def test_copies_of_a_picture_are_one_group_founded_by_the_first(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    first, other = drawn.scene(rng), drawn.scene(rng)
    copy = png(drawn.recompressed(first, 30).resize((240, 180)), format="JPEG")
    tell(
        watch,
        ("a", "un.example", [show("/1.png", first)]),
        ("b", "deux.example", [show("/2.jpg", copy), show("/3.png", other)]),
    )
    store = Store(watch)
    result = images.look(watch, store, AS_OF, fetch=True, client=client)
    assert (result.addresses, result.looked, result.pictures, result.refused, result.left) == (3, 3, 3, {}, 0)
    seen = images.groups(store, AS_OF)
    assert len(seen) == 3
    groups = seen.set_index(seen["address"].str[-5:])["group_id"]
    assert groups["1.png"] == groups["2.jpg"] != groups["3.png"]
    founder = seen.loc[seen["picture_id"] == seen["group_id"]]
    assert founder["address"].str.endswith(("1.png", "3.png")).all()
    row = store.load(PICTURES).set_index("picture_id").loc[groups["1.png"]]
    assert (row["width"], row["height"], row["likeness"]) == (480, 360, 1)


def test_looking_twice_asks_nobody_and_writes_nothing(
    watch: Watch, tell: Any, show: Any, server: Server, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    tell(watch, ("a", "un.example", [show("/1.png", drawn.scene(rng)), show("/gone.png", b"", status=404)]))
    store = Store(watch)
    images.look(watch, store, AS_OF, fetch=True, client=client)
    versions = [DeltaTable(str(watch.store_path / name)).version() for name in ("media", "pictures")]
    asked = len(server.requests)
    again = images.look(watch, store, AS_OF + timedelta(hours=1), fetch=True, client=client)
    assert (again.looked, again.pictures) == (0, 0)
    assert len(server.requests) == asked
    assert [DeltaTable(str(watch.store_path / name)).version() for name in ("media", "pictures")] == versions


def test_groups_stay_when_later_pictures_arrive(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    scene = drawn.scene(rng)
    store = Store(watch)
    tell(watch, ("a", "un.example", [show("/1.png", scene)]))
    images.look(watch, store, AS_OF, fetch=True, client=client)
    before = store.load(PICTURES).set_index("picture_id")["group_id"]
    # An older mention that is found later does not take the group over.
    tell(watch, ("z", "vieux.example", [show("/0.jpg", png(drawn.recompressed(scene, 20)))]), days_ago=9)
    images.look(watch, store, AS_OF, fetch=True, client=client)
    after = store.load(PICTURES).set_index("picture_id")["group_id"]
    assert len(after) == 2
    assert len(set(after)) == 1
    assert (after.loc[before.index] == before).all()


def test_nothing_is_fetched_unless_watch_yml_and_the_caller_say_so(
    make: Callable[..., Watch],
    tell: Any,
    show: Any,
    server: Server,
    drawn: ModuleType,
    rng: np.random.Generator,
    client: Client,
) -> None:
    address = show("/1.png", drawn.scene(rng))
    watch = make("{}")
    tell(watch, ("a", "un.example", [address]))
    result = images.look(watch, Store(watch), AS_OF, fetch=True, client=client)
    assert (result.looked, result.away) == (0, 1)
    assert "not fetched" in result.verdict
    images.look(make("{fetch: true}"), Store(watch), AS_OF, client=client)
    assert server.requests == []
    # The same call does ask where both agree.
    images.look(make("{fetch: true}"), Store(watch), AS_OF, fetch=True, client=client)
    assert len(server.requests) == 1


def test_each_fault_is_refused_with_its_reason_and_not_asked_for_soon(
    watch: Watch, tell: Any, show: Any, server: Server, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"\x89PNG")

    server.pages["/short.png"] = slow
    scene = drawn.scene(rng)
    noise = Image.fromarray(rng.integers(0, 256, (700, 700, 3), dtype=np.uint8))
    bomb = Image.new("1", (6000, 6000))
    cases = {
        show("/gone.png", b"", status=404): Refusal.UNREACHABLE,
        show("/broken.png", b"", status=500): Refusal.UNREACHABLE,
        server.address + "/short.png": Refusal.UNREACHABLE,
        show("/large.png", noise): Refusal.TOO_LARGE,
        show("/page.png", b"<!doctype html><p>no", Content_Type="image/png"): Refusal.NO_PICTURE,
        show("/film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(90)): Refusal.NO_PICTURE,
        show("/empty.png", b""): Refusal.NO_PICTURE,
        show("/logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'): Refusal.SVG,
        show("/scan.tif", png(scene.resize((90, 90)), format="TIFF")): Refusal.FORMAT,
        show("/bomb.png", bomb): Refusal.TOO_MANY_PIXELS,
        show("/cut.png", png(scene.resize((200, 150)))[:5000]): Refusal.BROKEN,
    }
    tell(watch, ("a", "un.example", [*cases]))
    store = Store(watch)
    result = images.look(watch, store, AS_OF, fetch=True, client=client)
    found = media(watch)
    assert found["refusal"].to_dict() == {address: str(reason) for address, reason in cases.items()}
    assert sum(result.refused.values()) == len(cases)
    assert found["said"].str.len().min() > 5
    assert found["picture_id"].isna().all()
    assert kept(watch) == {}
    asked = len(server.requests)
    images.look(watch, store, AS_OF + timedelta(hours=20), fetch=True, client=client)
    assert len(server.requests) == asked
    # What did not answer is asked again after a day, what is no picture or is gone after a month.
    images.look(watch, store, AS_OF + timedelta(days=2), fetch=True, client=client)
    assert {path for path, _ in server.requests[asked:]} == {"/broken.png", "/short.png"}
    assert media(watch).loc[server.address + "/broken.png", "attempts"] == 2
    images.look(watch, store, AS_OF + timedelta(days=31), fetch=True, client=client)
    assert len(server.requests) == asked + 2 + len(cases)


def test_an_address_inside_the_house_is_never_asked(
    watch: Watch, tell: Any, show: Any, server: Server, drawn: ModuleType, rng: np.random.Generator
) -> None:
    tell(watch, ("a", "un.example", [show("/1.png", drawn.scene(rng)), "http://169.254.169.254/a.png", "file:///etc/passwd"]))
    with Client(allow_private=False) as careful:
        result = images.look(watch, Store(watch), AS_OF, fetch=True, client=careful)
    assert server.requests == []
    assert result.refused == {"unreachable": 2}
    assert "file:///etc/passwd" not in media(watch).index


def test_a_run_stops_at_its_number_and_at_its_time_and_goes_on_in_the_next(
    make: Callable[..., Watch],
    tell: Any,
    show: Any,
    server: Server,
    drawn: ModuleType,
    rng: np.random.Generator,
    client: Client,
) -> None:
    watch = make("{fetch: true, most_a_run: 2}")
    addresses = [show(f"/{n}.png", drawn.scene(rng)) for n in range(3)]
    # The picture that most mentions show comes first.
    tell(watch, ("a", "un.example", addresses), ("b", "deux.example", addresses[2:]))
    store = Store(watch)
    first = images.look(watch, store, AS_OF, fetch=True, client=client)
    assert (first.looked, first.left) == (2, 1)
    assert addresses[2] in media(watch).index
    assert images.look(watch, store, AS_OF, fetch=True, client=client).looked == 1

    def late(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(1.2)
        handler.send_response(404)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    for n in range(9):
        server.pages[f"/late{n}"] = late
    tell(watch, ("c", "un.example", [f"{server.address}/late{n}" for n in range(9)]))
    hurried = make("{fetch: true, seconds: 1}")
    result = images.look(hurried, store, AS_OF, fetch=True, client=client)
    assert result.left > 0
    assert result.seconds < 4


def test_pictures_of_the_state_folder_and_of_a_saved_folder_need_no_network(
    make: Callable[..., Watch], tell: Any, tmp_path: Path, drawn: ModuleType, rng: np.random.Generator
) -> None:
    watch = make("{folder: saved}")
    scene = drawn.scene(rng)
    added = watch.state_path / "media" / f"{'a' * 32}.png"
    saved = tmp_path / "saved" / "cdn.example" / "2026" / "photo 1.jpg"
    for path, content in ((added, png(scene)), (saved, png(drawn.recompressed(scene, 40), format="JPEG"))):
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    secret = tmp_path / "secret.png"
    secret.write_bytes(png(scene))
    (tmp_path / "saved" / "cdn.example" / "link.png").symlink_to(secret)
    tell(
        watch,
        ("a", "un.example", [f"media/{'a' * 32}.png", "https://cdn.example/2026/photo%201.jpg?width=900"]),
        (
            "b",
            "deux.example",
            [
                "https://cdn.example/link.png",
                "https://cdn.example/%2e%2e/%2e%2e/secret.png",
                "https://cdn.example/..%2f..%2fsecret.png",
                "media/../../secret.png",
                "../secret.png",
                str(secret),
            ],
        ),
    )
    result = images.look(watch, Store(watch), AS_OF)
    assert (result.looked, result.pictures, result.away) == (2, 2, 6)
    assert len(set(images.groups(Store(watch), AS_OF)["group_id"])) == 1


def test_a_thumbnail_is_small_upright_private_and_bare(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    tall = drawn.scene(rng).resize((1200, 900))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 0.0)
    photo = png(tall, format="JPEG", exif=exif, icc_profile=b"hostile" * 50, quality=60, comment=b"SECRET-COMMENT")
    assert b"SECRET-CAMERA" in photo
    polyglot = png(tall.resize((300, 200))) + b"<script>SECRET-SCRIPT</script>PK\x03\x04"
    tell(watch, ("a", "un.example", [show("/photo.jpg", photo), show("/both.png", polyglot)]))
    images.look(watch, Store(watch), AS_OF, fetch=True, client=client)
    row = Store(watch).load(PICTURES).sort_values("width").iloc[-1]
    assert (row["width"], row["height"]) == (900, 1200)
    files = sorted(folder(watch).glob("*"))
    assert len(files) == 2
    for file in files:
        content = file.read_bytes()
        assert b"SECRET" not in content
        assert b"Exif" not in content
        assert b"hostile" not in content
        assert file.stat().st_mode & 0o077 == 0
        assert max(Image.open(file).size) <= 640
    assert Image.open(folder(watch) / f"{row['picture_id']}.jpg").size == (480, 640)


def test_first_frames_transparency_palettes_and_deep_greys_are_opened(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    scene = drawn.scene(rng).resize((240, 180))
    frames = [drawn.scene(rng).resize((240, 180)) for _ in range(3)]
    deep = Image.fromarray(np.asarray(scene.convert("L"), dtype=np.uint16) * 257)
    contents = {
        "/moving.gif": png(scene, format="GIF", save_all=True, append_images=frames),
        "/moving.webp": png(scene, format="WEBP", save_all=True, append_images=frames),
        "/cmyk.jpg": png(scene.convert("CMYK"), format="JPEG"),
        "/palette.png": png(scene.convert("P")),
        "/clear.png": png(scene.convert("RGBA")),
        "/deep.png": png(deep),
    }
    tell(watch, ("a", "un.example", [show(path, content) for path, content in contents.items()]))
    result = images.look(watch, Store(watch), AS_OF, fetch=True, client=client)
    assert result.refused == {}
    assert result.pictures == 6
    assert len(set(images.groups(Store(watch), AS_OF)["group_id"])) == 1


def test_what_is_erased_or_too_old_or_too_much_leaves_no_picture(
    make: Callable[..., Watch], tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    watch = make("{fetch: true}", "privacy: {retention_days: 30}\n")
    shots = [drawn.scene(rng) for _ in range(3)]
    tell(watch, ("old", "un.example", [show("/old.png", shots[0])]), days_ago=20)
    tell(watch, ("a", "un.example", [show("/a.png", shots[1])]), ("b", "un.example", [show("/b.png", shots[2])]))
    store = Store(watch)
    images.look(watch, store, AS_OF, fetch=True, client=client)
    assert len(kept(watch)) == 3
    images.look(watch, store, AS_OF + timedelta(days=15), fetch=True, client=client)
    assert len(kept(watch)) == 2
    assert len(store.load(PICTURES)) == 3
    mentions = store.load(MENTIONS)
    erased = mentions.loc[mentions["native_id"] == "a", "mention_id"].iloc[0]
    store.replace(MENTIONS, MENTIONS.empty(), "mention_id", erased)
    images.look(watch, store, AS_OF, fetch=True, client=client)
    assert len(kept(watch)) == 1
    assert len(store.load(PICTURES)) == 2
    assert not media(watch).index.str.endswith("/a.png").any()


def test_the_oldest_thumbnails_make_room(make: Callable[..., Watch], tell: Any, show: Any, rng: np.random.Generator) -> None:
    watch = make("{fetch: true, thumbnails_mb: 1}")
    noise = [Image.fromarray(rng.integers(0, 256, (640, 640, 3), dtype=np.uint8)) for _ in range(6)]
    addresses = [show(f"/{n}.jpg", png(one, format="JPEG", quality=95)) for n, one in enumerate(noise)]
    tell(watch, *[(f"m{n}", "un.example", [address]) for n, address in enumerate(addresses)])
    store = Store(watch)
    with Client(allow_private=True) as roomy:
        images.look(watch, store, AS_OF, fetch=True, client=roomy)
        images.look(watch, store, AS_OF, fetch=True, client=roomy)
    there = kept(watch)
    assert 0 < sum(there.values()) <= 1_000_000
    pictures = store.load(PICTURES).sort_values("first_seen")
    assert set(there) == set(pictures["picture_id"].tail(len(there)))


def test_what_was_not_visible_then_is_not_shown(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    tell(watch, ("a", "un.example", [show("/1.png", drawn.scene(rng))]))
    images.look(watch, Store(watch), AS_OF, fetch=True, client=client)
    assert len(images.groups(Store(watch), AS_OF)) == 1
    assert images.groups(Store(watch), AS_OF - timedelta(days=1)).empty


def test_without_pictures_nothing_is_read_or_written(watch: Watch, tell: Any) -> None:
    tell(watch, ("a", "un.example", []))
    result = images.look(watch, Store(watch), AS_OF)
    assert result.verdict == "no mention has a picture"
    assert not (watch.store_path / "pictures").exists()
    assert images.groups(Store(watch), AS_OF).empty
    assert images.listing(Store(watch), AS_OF).empty


@pytest.mark.parametrize("content", [None, b"no picture", b"x" * (MOST_BYTES + 1)])
def test_a_logo_that_cannot_be_read_is_told(make: Callable[..., Watch], tell: Any, content: bytes | None) -> None:
    watch = make("{logos: [logo.png]}")
    if content is not None:
        (watch.folder / "logo.png").write_bytes(content)
    tell(watch, ("a", "un.example", ["https://example.org/a.png"]))
    with pytest.raises(UsageError, match=r"logo\.png cannot be read"):
        images.look(watch, Store(watch), AS_OF)
