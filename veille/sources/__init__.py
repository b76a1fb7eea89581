"""The places that mentions come from, and the one safe HTTP client they share."""

from veille.sources.answers import AnsweredError, Limits, Reply, shown
from veille.sources.google_news import google_news_address
from veille.sources.http import Client
from veille.sources.registry import source_of, source_types
from veille.sources.rss import RssSource, parse_feed
from veille.sources.source import Fetched, Refused, Source, Span, State
from veille.sources.text import clean, decode, plain_text
from veille.sources.times import Times, day_comes_first, parse_time, parse_times

__all__ = [
    "AnsweredError",
    "Client",
    "Fetched",
    "Limits",
    "Refused",
    "Reply",
    "RssSource",
    "Source",
    "Span",
    "State",
    "Times",
    "clean",
    "day_comes_first",
    "decode",
    "google_news_address",
    "parse_feed",
    "parse_time",
    "parse_times",
    "plain_text",
    "shown",
    "source_of",
    "source_types",
]
