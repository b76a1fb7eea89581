"""From a name and a query to a first bulletin: find sources, try them and the query, write watch.yml, make an edition."""

from veille.start.file import refuse_existing, watch_text, write_watch
from veille.start.first import First, first_edition
from veille.start.propose import Proposed, Wish, checked, propose
from veille.start.rehearsal import Rehearsal, proposed_query, rehearse
from veille.start.shelf import Shelf, load_shelf
from veille.start.site import SiteFeeds, find_feeds

__all__ = [
    "First",
    "Proposed",
    "Rehearsal",
    "Shelf",
    "SiteFeeds",
    "Wish",
    "checked",
    "find_feeds",
    "first_edition",
    "load_shelf",
    "propose",
    "proposed_query",
    "refuse_existing",
    "rehearse",
    "watch_text",
    "write_watch",
]
