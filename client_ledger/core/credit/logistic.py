"""Logistic regression with a ridge, in plain Python: what models of lateness and of turning bad share."""

import math
from collections.abc import Sequence
from operator import mul, sub

_LARGEST_EXPONENT = 30.0


def logistic(value: float) -> float:
	"""Return the chance of odds whose logarithm is given; never 0 or 1 altogether."""
	return 1 / (1 + math.exp(-min(max(value, -_LARGEST_EXPONENT), _LARGEST_EXPONENT)))


def newton_step(
	columns: Sequence[Sequence[float]],
	outcomes: Sequence[float],
	weights: Sequence[float],
	penalties: Sequence[float],
) -> list[float]:
	"""Return how the weights of a logistic regression change in one step of Newton's method. By columns, because sums of products are quick in whole
	columns. penalties: of each weight's square (ridge); 0 for the first, which is the constant."""
	size = len(weights)
	odds = [0.0] * len(outcomes)
	for weight, column in zip(weights, columns, strict=True):
		if weight:
			odds = [sum_ + weight * x for sum_, x in zip(odds, column, strict=True)]
	chances = list(map(logistic, odds))
	errors = list(map(sub, outcomes, chances))
	curvatures = [p * (1 - p) for p in chances]
	hessian = [[0.0] * size for _ in range(size)]
	gradient = [sum(map(mul, column, errors)) for column in columns]
	for i, column in enumerate(columns):
		scaled = list(map(mul, curvatures, column))
		for k in range(i + 1):
			hessian[i][k] = hessian[k][i] = sum(map(mul, scaled, columns[k]))
		hessian[i][i] += penalties[i]
		gradient[i] -= penalties[i] * weights[i]
	return solved(hessian, gradient)


def solved(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
	"""Return x of matrix x = right, for a positive definite matrix (Gauss)."""
	size = len(right)
	rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
	for i in range(size):
		for below in rows[i + 1 :]:
			factor = below[i] / rows[i][i]
			for k in range(i, size + 1):
				below[k] -= factor * rows[i][k]
	found = [0.0] * size
	for i in range(size - 1, -1, -1):
		rest = sum(rows[i][k] * found[k] for k in range(i + 1, size))
		found[i] = (rows[i][size] - rest) / rows[i][i]
	return found
