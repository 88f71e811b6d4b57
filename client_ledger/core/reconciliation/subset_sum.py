"""Several amounts that make up one: a search with a bound, and a measure of how easily it could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import comb, gcd


@dataclass(frozen=True, slots=True)
class SubsetSearch:
	"""What a search found. found: the places of the amounts, the first two ways at most. is_bounded: it was given up
	after its steps."""

	found: tuple[tuple[int, ...], ...]
	is_bounded: bool = False
	steps: int = 0

	@property
	def only(self) -> tuple[int, ...] | None:
		"""Return the one way there is; None where there is none, there are several, or nobody looked to the end."""
		return self.found[0] if len(self.found) == 1 and not self.is_bounded else None


def find_subsets(
	amounts: Sequence[int], target: int, tolerance: int = 0, most: int = 6, steps: int = 20_000
) -> SubsetSearch:
	"""Return which of *amounts*, all positive, make up *target*, by two of them or more and *most* at the most.

	Goes through them from the largest; stops at the second way, or after *steps*.
	"""
	order = sorted(range(len(amounts)), key=lambda i: (-amounts[i], i))
	sizes = [amounts[i] for i in order]
	rest = [0] * (len(sizes) + 1)
	for i in range(len(sizes) - 1, -1, -1):
		rest[i] = rest[i + 1] + sizes[i]
	found: list[tuple[int, ...]] = []
	left = steps
	# (next place, what is still missing, chosen)
	stack: list[tuple[int, int, tuple[int, ...]]] = [(0, target, ())]
	while stack:
		place, missing, chosen = stack.pop()
		left -= 1
		if left < 0:
			return SubsetSearch(tuple(found), True, steps)
		if abs(missing) <= tolerance and len(chosen) > 1:
			found.append(tuple(sorted(order[i] for i in chosen)))
			if len(found) == 2:
				break
			continue
		if place == len(sizes) or len(chosen) == most or rest[place] < missing - tolerance:
			continue
		stack.append((place + 1, missing, chosen))
		if sizes[place] <= missing + tolerance:
			stack.append((place + 1, missing - sizes[place], (*chosen, place)))
	return SubsetSearch(tuple(found), steps=steps - left)


def chance(amounts: Sequence[int], target: int, most: int = 6, tolerance: int = 0) -> float:
	"""Return how many ways to make up *target* one would expect if it had nothing to do with *amounts*.

	As many sums as there are ways to choose, spread over as many different amounts as their common measure allows.
	"""
	measure = reduce(gcd, amounts, target) or 1
	ways = sum(comb(len(amounts), size) for size in range(2, min(most, len(amounts)) + 1))
	return ways * (1 + 2 * tolerance // measure) / max(abs(target) // measure, 1)
