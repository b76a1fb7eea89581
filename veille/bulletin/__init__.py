"""What leadership reads: a typed bulletin from the tables, one static page from the bulletin."""

from veille.bulletin.annex import annex
from veille.bulletin.compose import compose
from veille.bulletin.files import Audiences, rerender, write, write_audiences
from veille.bulletin.named import find_names
from veille.bulletin.render import render
from veille.bulletin.types import Bulletin

__all__ = ["Audiences", "Bulletin", "annex", "compose", "find_names", "render", "rerender", "write", "write_audiences"]
