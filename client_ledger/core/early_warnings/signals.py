"""What a signal is: declared with what it says, how bad it is and what to do; and what is raised by facts.

	WarningFacts -> raised(facts, signals, parameters) -> RaisedSignal -> episodes

The signals themselves are in customer_signals and company_signals; `catalogue` has them all.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from client_ledger.core.controls.control import ControlParameter
from client_ledger.core.early_warnings.facts import CompanyFacts, WarningFacts
from client_ledger.core.reconciliation.matches import Because

COMPANY = ""
Values = Mapping[str, Decimal]


class SignalScope(str, Enum):
	"""Whom a signal is about. The value is the English label."""

	CUSTOMER = "Customer"
	COMPANY = "Company"


class SignalSeverity(str, Enum):
	"""How much a signal matters. The value is the English label."""

	HIGH = "High"
	MEDIUM = "Medium"
	LOW = "Low"


class ProposedAction(str, Enum):
	"""What is proposed to be done. The value is the English label."""

	CALL = "Call"
	VISIT = "Visit"
	LOWER_LIMIT = "Lower the Credit Limit"
	HOLD = "Hold Orders and Deliveries"
	PREPAYMENT = "Ask for Prepayment"
	REVIEW = "Review"


@dataclass(frozen=True, slots=True)
class Found:
	"""What a rule says of facts it fires on. because: reason in words and figures."""

	because: Because
	severity: SignalSeverity
	action: ProposedAction


# A rule takes facts and parameters, and returns None where there is nothing to say.
Rule = Callable[[Any, Values], Found | None]


@dataclass(frozen=True, slots=True)
class Signal:
	"""A rule over facts. Texts are English, marked for translation. code: never changes, 30 characters at most.

	meaning: what it looks at and why that matters. needs: what must be kept on a site for it to speak, "" for invoices and payments alone.
	parameters: figures people may change, as those of controls. on_unproven: it is on while too little happened to measure it (a
	company's signals: one company has too few months); all others are off until they beat the base rate.
	"""

	code: str
	name: str
	meaning: str
	scope: SignalScope
	rule: Rule
	parameters: tuple[ControlParameter, ...] = ()
	needs: str = ""
	on_unproven: bool = False

	def defaults(self) -> dict[str, Decimal]:
		"""Return the parameters as shipped."""
		return {one.name: one.default for one in self.parameters}


@dataclass(frozen=True, slots=True)
class RaisedSignal:
	"""A signal that fires on a day. subject: the customer, COMPANY ("") for the company itself. was_bad: the customer is bad already,
	so that this is no *early* warning and does not count in the signal's record."""

	signal: str
	subject: Hashable
	because: Because
	severity: SignalSeverity
	action: ProposedAction
	was_bad: bool = False


def signal(code: str, **declared: Any) -> Callable[[Rule], Signal]:
	"""Declare the function below as a signal; what is declared are the fields of Signal."""
	declared.setdefault("scope", SignalScope.CUSTOMER)

	def declare(rule: Rule) -> Signal:
		return Signal(code=code, rule=rule, **declared)

	return declare


def raised(
	facts: WarningFacts | CompanyFacts,
	signals: Iterable[Signal],
	parameters: Mapping[str, Values] | None = None,
) -> list[RaisedSignal]:
	"""Return what of *signals* fires. parameters: per code the values people set; those as shipped where there are none."""
	found = []
	for one in signals:
		said = one.rule(facts, (parameters or {}).get(one.code) or one.defaults())
		if said:
			subject = getattr(facts, "customer", COMPANY)
			was_bad = getattr(facts, "is_bad", False)
			found.append(RaisedSignal(one.code, subject, said.because, said.severity, said.action, was_bad))
	return found
