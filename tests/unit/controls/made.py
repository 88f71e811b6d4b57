"""Small facts for tests of controls."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import ControlFinding
from client_ledger.core.controls.facts import AllocationFact, DeliveryFact, InvoiceFact, ReceiptFact
from client_ledger.core.controls.run import findings

TODAY = date(2026, 6, 17)
DAY = timedelta(days=1)
UTC = ZoneInfo("UTC")


def facts(**given: Any) -> ControlFacts:
	"""Facts as of the evening of a Wednesday, Saturdays and Sundays off."""
	given.setdefault("now", datetime.combine(TODAY, time(20), UTC))
	return ControlFacts("Company", "EUR", **given)


def found(code: str, given: ControlFacts, **values: Any) -> list[ControlFinding]:
	"""What a control finds, with parameters as shipped but those given."""
	control = CONTROLS[code]
	return findings(control, given, {**control.defaults(), **{k: Decimal(str(v)) for k, v in values.items()}})


def keys(rows: list[ControlFinding]) -> list[str]:
	return [one.key for one in rows]


def invoice(
	name: str, amount: object = "100.00", days_ago: int = 40, customer: str = "A", **more: Any
) -> InvoiceFact:
	"""An invoice of so many days ago, entered at ten the same day."""
	day = more.pop("date", TODAY - days_ago * DAY)
	value = Decimal(str(amount))
	more.setdefault("due_date", day + 30 * DAY)
	more.setdefault("created", datetime.combine(day, time(10)))
	more.setdefault("owner", "ann")
	more.setdefault("base_amount", value)
	return InvoiceFact(name, customer, day, value, currency=more.pop("currency", "EUR"), **more)


def note(name: str, against: InvoiceFact, amount: object, days_ago: int, **more: Any) -> InvoiceFact:
	"""A credit note."""
	return invoice(
		name, -Decimal(str(amount)), days_ago, against.customer, is_return=True, return_against=against.name, **more
	)  # fmt: skip


def receipt(
	name: str, amount: object, days_ago: int, *pays: InvoiceFact, customer: str = "A", **more: Any
) -> ReceiptFact:
	"""A receipt that pays invoices in full."""
	day = TODAY - days_ago * DAY
	value = Decimal(str(amount))
	more.setdefault("created", datetime.combine(day, time(11)))
	more.setdefault("base_amount", value)
	allocations = more.pop(
		"allocations", tuple(AllocationFact(one.name, one.customer, one.amount, day) for one in pays)
	)
	return ReceiptFact(
		name, customer, day, value, currency=more.pop("currency", "EUR"), owner=more.pop("owner", "cash"), allocations=allocations, **more
	)  # fmt: skip


def delivery(
	name: str, amount: object = "100.00", days_ago: int = 40, customer: str = "A", hour: int = 9, **more: Any
) -> DeliveryFact:
	return DeliveryFact(
		name, customer, datetime.combine(TODAY - days_ago * DAY, time(hour)), Decimal(str(amount)), **more
	)
