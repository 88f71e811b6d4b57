"""Short histories of one customer for the tests of early warnings."""

from datetime import date, timedelta

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.early_warnings.catalogue import BY_CODE
from client_ledger.core.early_warnings.facts import CompanyDay, WarningEvents, WarningFacts
from client_ledger.core.early_warnings.signals import RaisedSignal, raised
from client_ledger.core.early_warnings.walk import CustomerWalk

TODAY = date(2026, 6, 30)
SERIOUS = 15


def ago(days: int) -> date:
	"""Return the day so many days before today."""
	return TODAY - timedelta(days=days)


def invoice(
	due_ago: int, late: int | None, amount: float = 100.0, terms: int = 30, name: str = "", **more
) -> TradeLine:
	"""Return an invoice that fell due so many days ago, paid *late* days after that; None: open."""
	due = ago(due_ago)
	paid = None if late is None else due + timedelta(days=late)
	return TradeLine(
		"Ada", name or f"I{due_ago}-{late}", due - timedelta(days=terms), due, amount, paid, **more
	)


def steady(late: int = 0, every: int = 15, until: int = 40, since: int = 450) -> list[TradeLine]:
	"""Return a customer's year of invoices, all paid as late."""
	return [invoice(day, late) for day in range(since, until, -every)]


def facts(events: WarningEvents, day: date = TODAY) -> WarningFacts:
	"""Return what is known of the customer on a day."""
	return CustomerWalk("Ada", events).at(CompanyDay(day, SERIOUS))


def fires(code: str, events: WarningEvents, day: date = TODAY) -> RaisedSignal | None:
	"""Return what one signal says, None where it is silent."""
	found = raised(facts(events, day), [BY_CODE[code]])
	return found[0] if found else None
