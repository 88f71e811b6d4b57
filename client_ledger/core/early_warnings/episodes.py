"""Episodes: a signal that is raised day after day for one customer is one warning, not many.

	stored open episodes + what is raised today -> compare_episodes -> new, still, over

An episode starts on the day its signal is first raised, goes on while it is raised, and is over when it was not raised for thirty days:
a signal that flickers is not raised again while its warning is open.
"""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from client_ledger.core.early_warnings.signals import RaisedSignal

# Days without the signal after which an episode is over.
QUIET_DAYS = 30


class WarningEpisode(NamedTuple):
	"""One warning. The key is (signal, subject, start). last: the day it was last raised on."""

	signal: str
	subject: Hashable
	start: date
	last: date

	def is_over(self, today: date, quiet: int = QUIET_DAYS) -> bool:
		"""Return whether the signal has been silent for long enough."""
		return (today - self.last).days > quiet


@dataclass(frozen=True, slots=True)
class ComparedEpisodes:
	"""What to write. new: rows to make, with the day they start. still: rows whose `last` (and reason) is to be brought to today.
	quiet: open, silent today, to be left as they are. over: rows whose episode has ended; raised later, it is a new episode.
	"""

	new: tuple[tuple[WarningEpisode, RaisedSignal], ...] = ()
	still: tuple[tuple[WarningEpisode, RaisedSignal], ...] = ()
	quiet: tuple[WarningEpisode, ...] = ()
	over: tuple[WarningEpisode, ...] = ()


def compare_episodes(
	stored: Iterable[WarningEpisode],
	found: Iterable[RaisedSignal],
	today: date,
	looked_at: Collection[Hashable] | None = None,
	quiet: int = QUIET_DAYS,
) -> ComparedEpisodes:
	"""Compare what is raised *today* with the episodes that are stored and not over.

	looked_at: the subjects that were looked at, None for all; episodes of others stay as they are. Comparing again with the rows
	that this wrote gives nothing new. An episode whose silence is over is ended even where its signal is raised today: that is a new one.
	"""
	known = {(one.signal, one.subject): one for one in stored}
	tonight = {(one.signal, one.subject): one for one in found}
	new, still, silent, over = [], [], [], []
	for key, one in tonight.items():
		old = known.get(key)
		if old and not old.is_over(today, quiet):
			still.append((old._replace(last=max(old.last, today)), one))
		else:
			new.append((WarningEpisode(one.signal, one.subject, today, today), one))
	for key, old in known.items():
		if looked_at is not None and old.subject not in looked_at:
			continue
		if old.is_over(today, quiet):
			over.append(old)
		elif key not in tonight:
			silent.append(old)
	return ComparedEpisodes(tuple(new), tuple(still), tuple(silent), tuple(over))


def episode_starts(days: Iterable[date], quiet: int = QUIET_DAYS) -> list[date]:
	"""Return the days on which episodes start, of the days (in order) a signal is raised on for one subject."""
	found: list[date] = []
	last: date | None = None
	for day in days:
		if last is None or day - last > timedelta(days=quiet):
			found.append(day)
		last = day
	return found
