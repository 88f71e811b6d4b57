"""What would be if: a customer does not pay, everybody pays later, everybody pays as customers a grade worse do.

Each changes only the weeks an item may come in, never its amount or its dice, so that a scenario never brings more by the
end of a week than what is expected now.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise

from client_ledger.core.credit.histogram import DAYS_A_WEEK, Distribution, Lateness
from client_ledger.core.forecast.items import CashItem, Spread


def without_customer(items: Iterable[CashItem], customer: Hashable) -> list[CashItem]:
	"""Return *items* where nothing comes of one customer."""
	return [
		item._replace(shares=(0.0,) * len(item.shares)) if item.customer == customer else item
		for item in items
	]


def later(items: Iterable[CashItem], days: int) -> list[CashItem]:
	"""Return *items* where everything comes so many days later.

	Within a week payments are taken as even: a delay of a part of a week moves that part. Raises ValueError for a negative delay.
	"""
	if days < 0:
		raise ValueError(f"a delay is 0 days or more, got {days}")
	return [item._replace(shares=weeks_later(item.shares, days)) for item in items]


def weeks_later(shares: Sequence[float], days: int) -> tuple[float, ...]:
	"""Return what comes per week, of one item or of all together, so many days later."""
	whole, part = divmod(days, DAYS_A_WEEK)
	moved = [0.0] * len(shares)
	for week, share in enumerate(shares):
		for place, moving in ((week + whole, 1 - part / DAYS_A_WEEK), (week + whole + 1, part / DAYS_A_WEEK)):
			if place < len(shares):
				moved[place] += share * moving
	return tuple(moved)


def no_more_than(expected: Sequence[float], weeks: Sequence[float]) -> list[float]:
	"""Return *weeks* of a scenario that bring no more by the end of any week than is expected now.

	What comes later falls into weeks that past forecasts may correct more: that is no reason for more to come.
	"""
	paid = [min(both) for both in zip(accumulate(weeks), accumulate(expected), strict=True)]
	# What a week was held down by does not come in a later one as well.
	return [max(after - before, 0.0) for before, after in pairwise([0.0, *accumulate(paid, max)])]


def a_grade_worse(lateness: Lateness, grades: Mapping[Hashable, str], scale: Sequence[str]) -> Spread:
	"""Return how items are spread where each customer pays as those a grade below do, or as it does where that is later.

	grades: of each customer; scale: grades from the best to the worst. Customers of the worst grade, and those without one, pay
	as they do. A grade that nobody has is passed over.
	"""
	members: dict[str, list[Hashable]] = {}
	for customer, grade in grades.items():
		members.setdefault(grade, []).append(customer)
	below: dict[str, Distribution] = {}
	worse: Distribution | None = None
	for grade in reversed(scale):
		if worse is not None:
			below[grade] = worse
		if members.get(grade):
			worse = lateness.pooled(sorted(members[grade], key=str))

	def spread(customer: Hashable, own: Distribution, age: int, weeks: int) -> list[float]:
		usual = own.weekly(age, weeks)
		other = below.get(grades.get(customer, ""))
		if other is None:
			return usual
		paid = [
			min(both) for both in zip(accumulate(usual), accumulate(other.weekly(age, weeks)), strict=True)
		]
		return [after - before for before, after in pairwise([0.0, *paid])]

	return spread
