"""Parameters people set for a control: read, held within bounds, and refused where they would make it blind."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from client_ledger.core.controls.control import Control, ControlParameter
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

UNKNOWN = marked("{0} is not a parameter of this control. It has: {1}.")
NO_NUMBER = marked("{0}: {1} is not a number.")
NOT_WHOLE = marked("{0} must be a whole number, not {1}.")
OUT_OF_BOUNDS = marked(
	"{0} must be between {1} and {2}, not {3}: beyond that the control would find nothing, or report everything."
)

# So much of what was given is read, and repeated.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class ParameterProblem:
	"""Why a value is refused. name: the parameter's."""

	name: str
	reason: Because


def read_parameters(
	control: Control, given: Mapping[str, object]
) -> tuple[dict[str, Decimal], list[ParameterProblem]]:
	"""Return the values to run with, defaults where none is given, and what is refused. None and "" count as not given."""
	values, problems = control.defaults(), []
	known = {one.name: one for one in control.parameters}
	for name, value in given.items():
		if name not in known:
			problems.append(ParameterProblem(name, Because(UNKNOWN, (name, ", ".join(known) or "-"))))
		elif value is not None and value != "":
			found = _read(known[name], value)
			if isinstance(found, ParameterProblem):
				problems.append(found)
			else:
				values[name] = found
	return values, problems


def _read(one: ControlParameter, value: object) -> Decimal | ParameterProblem:
	def refused(message: str, *more: object) -> ParameterProblem:
		return ParameterProblem(one.name, Because(message, (one.label, *more)))

	given = ""
	try:
		given = str(value).strip()[:_LONGEST]
		number = (
			Decimal(given)
			if isinstance(value, int | float | str | Decimal) and not isinstance(value, bool)
			else None
		)
	except (InvalidOperation, ValueError):
		number = None
	if number is None or not number.is_finite():
		return refused(NO_NUMBER, given)
	if one.whole and number != number.to_integral_value():
		return refused(NOT_WHOLE, given)
	if not one.least <= number <= one.most:
		return refused(OUT_OF_BOUNDS, _shown(one.least), _shown(one.most), given)
	return number


def _shown(number: Decimal) -> str:
	return f"{number.normalize():f}"


def fingerprint(values: Mapping[str, Decimal]) -> str:
	"""Return what tells one set of values from another, to know that a finding is gone because the rule was changed."""
	text = ";".join(f"{name}={_shown(value)}" for name, value in sorted(values.items()))
	return sha256(text.encode()).hexdigest()[:16]
