"""veille: what is said in public about an organisation, as a weekly bulletin for its leadership."""

__version__ = "0.1.0"
