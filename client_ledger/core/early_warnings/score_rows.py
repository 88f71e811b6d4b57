"""What the combined score is made of: its inputs, and the rows of past looks it learns from."""

import math
from array import array
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from client_ledger.core.controls.chance import more_often
from client_ledger.core.early_warnings.facts import ORDER_DAYS, WarningFacts
from client_ledger.core.early_warnings.outcomes import WarningOutcome
from client_ledger.core.marked import marked

# The first inputs are those of the grade.
GRADE_INPUTS = 3
UNKNOWN = 2


def clipped(value: float, least: float, most: float) -> float:
	"""Return a value within bounds."""
	return min(max(value, least), most)


def _ratio(above: float, below: float) -> float:
	return clipped(above / below, 0.0, 1.0) if below > 0 else 0.0


def _excess(recent: int, other: int, before: int, other_before: int) -> float:
	"""Return by how much a share rose, drawn to nothing by four cases."""
	usual = (before + 0.2) / (before + other_before + 4)
	return clipped((recent + 4 * usual) / (recent + other + 4) - usual, 0.0, 1.0)


def _rhythm(facts: WarningFacts) -> tuple[float, float]:
	"""Return how unlikely so few, and so many, orders are: minus the logarithm to ten, at most four."""
	if not facts.order_days or facts.orders_before < 3:
		return 0.0, 0.0
	few = more_often(facts.orders_before, facts.order_days, facts.orders_recent, ORDER_DAYS)
	many = more_often(facts.orders_recent, ORDER_DAYS, facts.orders_before, facts.order_days)
	return tuple(clipped(-math.log10(max(chance, 1e-4)) - 0.5, 0.0, 3.5) for chance in (few, many))


# The inputs in their order: name, measure.
INPUTS: tuple[tuple[str, Callable[[WarningFacts], float]], ...] = (
	(marked("Points of the Grade"), lambda f: (70 - f.score) / 20 if f.score is not None else 0.0),
	(marked("Points below 55"), lambda f: max(55 - f.score, 0.0) / 20 if f.score is not None else 0.0),
	(marked("No Grade"), lambda f: float(f.score is None)),
	(marked("Days Late Lately"), lambda f: clipped(f.recent_late, -10, 60) / 20 * f.recent_count / (f.recent_count + 3)),
	(marked("Later than Before"), lambda f: clipped(f.drift, -2, 5)),
	(marked("Age of the Oldest Open Item"), lambda f: math.log1p(f.oldest_days)),
	(marked("Overdue Share"), lambda f: _ratio(f.overdue, f.balance)),
	(marked("Rolls from Range to Range"), lambda f: _ratio(f.rolled, f.balance)),
	(marked("Seriously Late Share Lately"), lambda f: f.bad_share),
	(marked("Balance above Usual"), lambda f: clipped(math.log((f.balance + 1) / (f.usual_balance + 1)), -1, 2) if f.usual_balance else 0.0),
	(marked("Part Payments"), lambda f: _excess(f.parts_recent, f.full_recent, f.parts_before, f.full_before)),
	(marked("Orders Fallen"), lambda f: _rhythm(f)[0]),
	(marked("Orders Surged"), lambda f: _rhythm(f)[1]),
	(marked("Limit Used"), lambda f: clipped((f.utilisation or 0.0) - 0.7, 0.0, 0.6)),
	(marked("Grade Fallen"), lambda f: clipped((f.grade_place or 0) - (f.place_before or 0), 0, 3) if f.place_before is not None and f.grade_place is not None else 0.0),
	(marked("Credit Notes and Disputes"), lambda f: _excess(f.contested_recent, f.billed_recent, f.contested_before, f.billed_before)),
	(marked("Promises Broken"), lambda f: math.log1p(f.broken_recent)),
	(marked("Statements Unread"), lambda f: clipped(f.unread, 0, 4) / 4 if f.read_before else 0.0),
	(marked("Shares Data with a Customer in Default"), lambda f: float(bool(f.shared_with))),
	(marked("Invoices Known"), lambda f: math.log1p(f.known_lines)),
)  # fmt: skip


def score_inputs(facts: WarningFacts) -> list[float]:
	"""Return the inputs of a customer, in the order of INPUTS."""
	return [measure(facts) for _name, measure in INPUTS]


@dataclass(slots=True)
class ScoreRows:
	"""Inputs of past looks and what became of them, by column so that many take little memory. outcome: 0, 1, or 2 for unknown."""

	columns: list[array] = field(default_factory=lambda: [array("f") for _input in INPUTS])
	looks: array = field(default_factory=lambda: array("i"))
	outcomes: bytearray = field(default_factory=bytearray)
	was_bad: bytearray = field(default_factory=bytearray)
	oldest: array = field(default_factory=lambda: array("i"))
	late: array = field(default_factory=lambda: array("f"))
	customers: list[Hashable] = field(default_factory=list)

	def __len__(self) -> int:
		return len(self.looks)

	def add(self, look: int, facts: WarningFacts, outcome: WarningOutcome | None) -> None:
		"""Add a customer at look number *look*; outcome None: not known."""
		for column, value in zip(self.columns, score_inputs(facts), strict=True):
			column.append(value)
		self.looks.append(look)
		self.outcomes.append(UNKNOWN if outcome is None else int(outcome.is_bad))
		self.was_bad.append(facts.is_bad)
		self.oldest.append(facts.oldest_days)
		self.late.append(facts.recent_late)
		self.customers.append(facts.customer)

	def places(self, looks: Iterable[int], known: bool = True) -> list[int]:
		"""Return the places of the rows of *looks*; known: only those whose outcome is."""
		wanted = set(looks)
		return [
			place
			for place, look in enumerate(self.looks)
			if look in wanted and (not known or self.outcomes[place] != UNKNOWN)
		]

	def inputs(self, place: int) -> list[float]:
		"""Return the inputs of one row."""
		return [column[place] for column in self.columns]
