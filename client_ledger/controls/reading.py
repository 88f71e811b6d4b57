"""The facts of a company for its controls, read from the documents of its site."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from itertools import chain

from frappe.utils import getdate, now_datetime

from client_ledger.controls.facts.invoices import given_numbers, read_invoices
from client_ledger.controls.facts.people import company_hours, read_people
from client_ledger.controls.facts.receipts import read_paid_at_once, read_payments
from client_ledger.controls.facts.settling import read_settled
from client_ledger.controls.facts.window import FactWindow
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.facts import FactKind
from client_ledger.core.controls.run import VIEW_DAYS

# Besides the days in view a month, to compare with what was before.
BEFORE_VIEW = 31
_DAY_END = time(23, 59, 59)


def read_facts(
	company: str,
	today: date,
	kinds: Collection[FactKind] | None = None,
	customers: Collection[str] | None = None,
	open_too: bool = False,
	since: date | None = None,
) -> ControlFacts:
	"""Return what controls may look at: what was entered, dated or changed since a day, and whatever its age what is open.

	kinds: None for all. customers: only what is of these, None for everybody. open_too: besides the customers' facts, what
	of all others may ripen (deliveries and orders not billed, receipts on account). since: thirteen months ago by default.
	Permissions are the caller's business.
	"""
	wanted = frozenset(FactKind if kinds is None else kinds)
	window = FactWindow(
		company,
		since or today - timedelta(days=VIEW_DAYS + BEFORE_VIEW),
		today,
		None if customers is None else tuple(sorted(customers)),
	)
	return read_window(window, wanted)


def read_window(window: FactWindow, wanted: frozenset[FactKind]) -> ControlFacts:
	"""Return the facts of a window, of the kinds wanted."""
	hours, worked = company_hours(window.company)
	found: dict[str, object] = {}
	if FactKind.INVOICES in wanted:
		found["invoices"] = read_invoices(window)
		found["drafts"] = given_numbers(window, found["invoices"])
	if FactKind.RECEIPTS in wanted:
		settled = read_settled(window)
		found["receipts"] = [*read_payments(window, settled), *read_paid_at_once(window)]
	return ControlFacts(
		window.company,
		window.currency,
		_now(window.today).replace(tzinfo=hours.zone),
		**found,
		people=read_people(_people(found)),
		hours=hours,
		worked=worked,
	)


def _now(today: date) -> datetime:
	"""Return the moment it is by the site's clock, or the end of another day."""
	now = now_datetime()
	return now if getdate(now) == today else datetime.combine(today, _DAY_END)


def _people(found: dict[str, object]) -> Iterable[str]:
	return {one.owner for one in chain(found.get("invoices", ()), found.get("receipts", ()))}
