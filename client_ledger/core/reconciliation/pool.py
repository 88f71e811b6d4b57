"""The lines of both sides in one currency, with their keys, and which of them are still free."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from client_ledger.core.money import as_money
from client_ledger.core.reconciliation.lines import BookedLine, LineKind, MatchSettings, Side
from client_ledger.core.reconciliation.matches import Because, Confidence, LineMatch, MatchPass
from client_ledger.core.reconciliation.numbers import keys_of_number, keys_of_text

_LEAST_DIGITS = 4
# Where a key stands, the best first: in the number's own field, among the references, in the text.
IN_NUMBER, IN_REFERENCE, IN_TEXT = range(3)


@dataclass(slots=True)
class KeyedLine:
	"""A line ready to be compared. place: on its side. units: its amount in millionths. day: a number of days.

	sign: 1 for what adds to the debt, -1 for what takes from it. plain, digits: its keys, each with where it stands.
	"""

	line: BookedLine
	place: int
	units: int
	day: int
	sign: int
	plain: dict[str, int] = field(default_factory=dict)
	digits: dict[str, int] = field(default_factory=dict)

	def fits(self, other: "KeyedLine") -> bool:
		"""Return whether both may be the same kind of business: the same sign, and no invoice beside a payment."""
		if self.sign != other.sign:
			return False
		kinds = {self.line.kind, other.line.kind}
		return not (LineKind.INVOICE in kinds and len(kinds - {None}) > 1)


def units_of(amount: object) -> int:
	"""Return an amount in millionths, exactly as far as they go."""
	return int(as_money(amount).scaleb(6))


def is_round(units: int) -> bool:
	"""Return whether an amount is one that unrelated lines may well have, too: few digits before its noughts."""
	return len(str(abs(units)).rstrip("0")) < _LEAST_DIGITS


def keyed(line: BookedLine, place: int) -> KeyedLine:
	"""Return a line with its keys."""
	units = units_of(line.amount)
	found = KeyedLine(line, place, units, line.date.toordinal(), (units > 0) - (units < 0))
	sources = [(IN_NUMBER, keys_of_number(line.number))] if line.number else []
	sources += [(IN_REFERENCE, keys_of_number(reference)) for reference in line.references if reference]
	if line.text:
		sources.append((IN_TEXT, keys_of_text(line.text)))
	for rank, keys in sources:
		for key in keys.plain:
			found.plain.setdefault(key, rank)
		for key in keys.digits:
			found.digits.setdefault(key, rank)
	return found


Keys = Callable[[KeyedLine], dict[str, int]]


def plain_keys(line: KeyedLine) -> dict[str, int]:
	"""Return the numbers of a line as they are written."""
	return line.plain


def digit_keys(line: KeyedLine) -> dict[str, int]:
	"""Return the numbers of a line by their digits."""
	return line.digits


class Pool:
	"""Both sides of one currency. What a pass finds it takes; what is left, the next pass sees."""

	def __init__(
		self,
		ours: Sequence[BookedLine],
		theirs: Sequence[BookedLine],
		settings: MatchSettings,
		kept_apart: Iterable[tuple[str, str]] = (),
	):
		self.settings, self.tolerance = settings, units_of(settings.tolerance)
		self.lines = {
			side: [keyed(line, place) for place, line in enumerate(lines)]
			for side, lines in ((Side.OURS, ours), (Side.THEIRS, theirs))
		}
		self._is_free = {side: [True] * len(lines) for side, lines in self.lines.items()}
		self.kept_apart = frozenset(kept_apart)
		self.matches: list[LineMatch] = []
		self.pairs: list[tuple[KeyedLine, KeyedLine]] = []
		# How many lines of a side have an amount, all of them, free or not.
		self.how_many = {side: Counter(line.units for line in lines) for side, lines in self.lines.items()}
		self.bounded: list[BookedLine] = []
		self._indexes: dict[tuple[Side, Keys], KeyIndex] = {}

	def free(self, side: Side) -> list[KeyedLine]:
		"""Return the lines of a side that no pass has taken."""
		is_free = self._is_free[side]
		return [line for line in self.lines[side] if is_free[line.place]]

	def is_free(self, side: Side, line: KeyedLine) -> bool:
		"""Return whether a line is still free."""
		return self._is_free[side][line.place]

	def index(self, side: Side, keys: Keys) -> "KeyIndex":
		"""Return all lines of a side by key, free or not."""
		if (side, keys) not in self._indexes:
			self._indexes[side, keys] = KeyIndex(self.lines[side], keys)
		return self._indexes[side, keys]

	def may_join(self, ours: Iterable[KeyedLine], theirs: Sequence[KeyedLine]) -> bool:
		"""Return whether nobody said that two of these are kept apart."""
		if not self.kept_apart:
			return True
		return not any((one.line.id, other.line.id) in self.kept_apart for one in ours for other in theirs)

	def set_aside(self, side: Side, line: KeyedLine) -> None:
		"""Leave a line without counterpart, for good."""
		self._is_free[side][line.place] = False

	def take(
		self,
		ours: Sequence[KeyedLine],
		theirs: Sequence[KeyedLine],
		found_by: MatchPass,
		confidence: Confidence,
		reason: Because,
	) -> None:
		"""Make a match of lines that are free."""
		for side, lines in ((Side.OURS, ours), (Side.THEIRS, theirs)):
			for line in lines:
				assert self._is_free[side][line.place]
				self._is_free[side][line.place] = False
		if len(ours) == len(theirs) == 1:
			self.pairs.append((ours[0], theirs[0]))
		self.matches.append(
			LineMatch(
				tuple(line.line for line in ours),
				tuple(line.line for line in theirs),
				found_by,
				confidence,
				reason,
			)
		)


class KeyIndex:
	"""Lines by key, and for each key by amount and date."""

	def __init__(self, lines: Iterable[KeyedLine], keys: Keys):
		# Entries without objects in them, which the garbage collector need not look at.
		self._by_key: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
		self._lines: dict[int, KeyedLine] = {}
		for line in lines:
			entry = (line.units, line.day, line.place)
			self._lines[line.place] = line
			for key in keys(line):
				self._by_key[key].append(entry)
		for found in self._by_key.values():
			if len(found) > 1:
				found.sort()

	def with_key(self, key: str) -> list[KeyedLine]:
		"""Return the lines with a key."""
		return [self._lines[entry[2]] for entry in self._by_key.get(key, ())]

	def count(self, key: str) -> int:
		"""Return how many lines have a key."""
		return len(self._by_key.get(key, ()))

	def near(self, key: str, line: KeyedLine, tolerance: int, most: int = 12) -> list[KeyedLine]:
		"""Return up to *most* lines with a key whose amount is that of *line*, the nearest in date."""
		found = self._by_key.get(key)
		if not found:
			return []
		first = bisect_left(found, (line.units - tolerance,))
		last = bisect_right(found, (line.units + tolerance + 1,))
		if last - first > most:
			if tolerance:
				nearest = sorted(
					found[first : min(last, first + 500)],
					key=lambda entry: (abs(entry[0] - line.units), abs(entry[1] - line.day), entry[2]),
				)
				return [self._lines[entry[2]] for entry in nearest[:most]]
			middle = bisect_left(found, (line.units, line.day), first, last)
			found = found[max(first, middle - most) : min(last, middle + most)]
			found = sorted(found, key=lambda entry: (abs(entry[1] - line.day), entry[2]))[:most]
			return [self._lines[entry[2]] for entry in found]
		return [self._lines[entry[2]] for entry in found[first:last]]
