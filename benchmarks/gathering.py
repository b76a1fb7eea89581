"""How long `veille gather` takes for many feed entries, and how much memory, beside feedparser alone on the same bytes.

python benchmarks/gathering.py --entries 100000 --feeds 50
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TEXT = (
    "le réseau aquilon annonce une grève des conducteurs ce lundi matin dans la région après un accident de bus sans gravité"
    " selon la direction les voyageurs attendent une réponse du transporteur et la préfecture appelle à la prudence"
)
WORDS = TEXT.split()


def feed(number: int, entries: int) -> bytes:
    """Return a feed whose texts all differ."""
    items = []
    for n in range(entries):
        start = (number * 7919 + n * 104_729) % len(WORDS)
        words = " ".join(WORDS[(start + step * (1 + n % 3)) % len(WORDS)] for step in range(40))
        items.append(
            f"<item><title>{words[:70]} {number}-{n}</title><link>https://journal{number}.example/article/{n}</link>"
            f"<guid>{number}-{n}</guid><description>{words} {number}-{n}</description><author>a{n % 500}@example.org</author>"
            f"<pubDate>Fri, 20 Nov 2026 {n % 24:02d}:{n % 60:02d}:00 +0100</pubDate></item>"
        )
    return f"<rss version='2.0'><channel><title>Journal {number}</title>{''.join(items)}</channel></rss>".encode()


def serve(feeds: list[bytes]) -> tuple[ThreadingHTTPServer, str]:
    """Serve the feeds on loopback; return the server and its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = feeds[int(self.path.rsplit("/", 1)[1])]
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


def gathered(folder: Path, urls: list[str]) -> dict[str, float]:
    """Run the command on a new watch; return its figures."""
    sources = [{"id": f"s{n}", "type": "rss", "urls": [url]} for n, url in enumerate(urls)]
    (folder / "watch.yml").write_text(
        f"watch: banc\norganisation: Aquilon\nsubjects: [{{id: nous, query: aquilon}}]\nsources: {json.dumps(sources)}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "veille", "gather", "--json", "--watch", str(folder / "watch.yml")]
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=os.environ | {"VEILLE_ALLOW_PRIVATE": "1"}, stdout=subprocess.PIPE, text=True
    )
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode not in (0, 3):
        sys.exit(process.returncode)
    return {"seconds": round(seconds, 1), "peak_mb": round(usage.ru_maxrss / 1024), "new": json.loads(said)["new"]}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--feeds", type=int, default=50)
    options = parser.parse_args()
    feeds = [feed(number, options.entries // options.feeds) for number in range(options.feeds)]
    server, address = serve(feeds)
    with tempfile.TemporaryDirectory() as folder:
        figures = gathered(Path(folder), [f"{address}/{number}" for number in range(options.feeds)])
    server.shutdown()
    import feedparser

    started = time.perf_counter()
    for body in feeds:
        feedparser.parse(body)
    alone = time.perf_counter() - started
    print(json.dumps({**figures, "feedparser_seconds": round(alone, 1), "ratio": round(figures["seconds"] / alone, 2)}))


if __name__ == "__main__":
    main()
