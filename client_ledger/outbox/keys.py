"""The three keys that keep a notice from going out twice; the database holds each of them unique.

notice_key: made by the notice's kind from what it is about: at most one row, ever.
open_key: of the recipient: at most one row that is still to go out.
day_key: of the recipient and a date: at most one row handed over on a day.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import sha1


def digest(text: str) -> str:
	"""Return a key short enough for a unique index, whatever the names in it."""
	return sha1(text.encode()).hexdigest()


def open_key(recipient: Iterable[str]) -> str:
	"""Return the key of what is still to go out to *recipient* (its kind's `recipient_key`, such as a Party)."""
	return digest("|".join(recipient))


def day_key(recipient: Iterable[str], day: date) -> str:
	"""Return the key of what is handed over to *recipient* on *day*."""
	return digest("|".join((*recipient, day.isoformat())))
