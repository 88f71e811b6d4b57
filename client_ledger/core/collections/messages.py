"""Why a customer is on the worklist, in words that the caller translates."""

from collections.abc import Callable
from decimal import Decimal

from client_ledger.core.collections.worklist import NEVER_CONTACTED, Measure, MetRule


def reason(met: MetRule, _: Callable[[str], str], money: Callable[[Decimal], str]) -> str:
	"""Return why a rule is met, with its figure. _: translates; money: writes an amount in company currency."""
	value, measure = met.value, met.rule.measure
	if measure is Measure.OVERDUE:
		return _("{0} collectable").format(money(value))
	if measure is Measure.OLDEST_DAYS:
		return _("Oldest item overdue by {0} days").format(int(value))
	if measure is Measure.GRADE_RANK:
		return _("Low credit grade")
	if measure is Measure.BROKEN_PROMISES:
		return _("Broken promises within a year: {0}").format(int(value))
	if measure is Measure.PROMISE_DUE:
		return _("Promise to pay due today")
	if measure is Measure.DUNNING_LEVEL:
		return _("Dunning level reached: {0}").format(int(value))
	if measure is Measure.LIMIT_UTILISATION:
		return _("{0} % of the credit limit used").format(round(value * 100))
	if measure is Measure.DAYS_SINCE_CONTACT:
		if value >= NEVER_CONTACTED:
			return _("Never Contacted")
		return _("Last contact {0} days ago").format(int(value))
	if measure is Measure.FOLLOW_UP_DUE:
		return _("Follow-up due today")
	return _("First overdue item of a large customer")
