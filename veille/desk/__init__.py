"""What the spokesperson speaks with: a draft is checked before it is posted, by the levels of autonomy of the watch."""

from veille.desk.autonomy import Leave, leave
from veille.desk.reply import check_reply
from veille.desk.types import Check, Finding, ReplyCheck, Verdict

__all__ = ["Check", "Finding", "Leave", "ReplyCheck", "Verdict", "check_reply", "leave"]
