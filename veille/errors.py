"""Every error veille raises on purpose, in one tree.

A caller that wants to survive anything veille can say catches `VeilleError`; everything else is a defect.

    VeilleError
    ├── UsageError            wrong use: flags, unknown id (exit code 2)
    │   ├── WatchError        watch.yml does not say what it must
    │   └── QueryError        a Lucene query that cannot be read, or asks for what is not offered
    ├── StoreError            the memory of a watch cannot be read or written
    │   ├── ContractError     a frame does not keep the contract of its table
    │   └── ConflictError     another writer won every retry
    ├── SourceError           a place that mentions come from failed
    │   └── ImportFileError   a file that was given to `import` cannot be read at all
    ├── EditionError          an edition failed, its run.json says where
    ├── DeliveryError         a channel of alerts, or the mailbox of replies, cannot be used
    └── LockedError           another run of the same kind holds its lock (exit code 4)
"""

from __future__ import annotations


class VeilleError(Exception):
    """Root of the tree: one sentence that says what and where, and a hint that says what to do.

    Parameters
    ----------
    message
        What went wrong, and where, in one sentence.
    hint
        What the user can do about it; empty where nothing is known.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(VeilleError):
    """Wrong use of a command or a verb."""

    exit_code = 2


class WatchError(UsageError):
    """watch.yml does not say what it must.

    Parameters
    ----------
    message
        What is wrong.
    file
        Path of the file as the user gave it.
    line
        Line of the offending key or value, from 1; 0 where there is none.
    hint
        What to write instead.
    """

    def __init__(self, message: str, *, file: str = "", line: int = 0, hint: str = "") -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(f"{place}{message}", hint)
        self.file = file
        self.line = line


class QueryError(UsageError):
    """A query that cannot be read, or asks for what the stored mentions do not offer."""


class StoreError(VeilleError):
    """The memory of a watch cannot be read or written."""


class ContractError(StoreError):
    """A frame does not keep the contract of its table."""


class ConflictError(StoreError):
    """Another writer won every retry of a merge."""


class SourceError(VeilleError):
    """A place that mentions come from failed."""


class ImportFileError(SourceError):
    """A file that was given to `import` cannot be read at all."""

    exit_code = 2


class EditionError(VeilleError):
    """An edition failed; its run.json says in which step."""


class DeliveryError(VeilleError):
    """A channel of alerts, or the mailbox of replies, cannot be used; a message shows its name, never its value."""


class LockedError(VeilleError):
    """Another run of the same kind holds its lock."""

    exit_code = 4
