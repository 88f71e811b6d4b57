"""Facts of a small company made by hand, which a night reads instead of the site's: what is found is known before."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.controls import nightly, preview, tell
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.facts import FactKind, InvoiceFact, ReceiptFact
from client_ledger.core.controls.run import FactChanges
from tests.bench import factories as f

COMPANY = f.COMPANY
MAKER, BOSS = "controls.maker@example.com", "controls.boss@example.com"
CHIEF, CLERK = "controls.chief@example.com", "controls.clerk@example.com"
AUDITOR, SELLER = "controls.auditor@example.com", "controls.seller@example.com"
ONE, TWO = "Control Customer One", "Control Customer Two"


@dataclass
class MadeBooks:
	"""Facts that a test changes between nights."""

	invoices: dict[str, InvoiceFact] = field(default_factory=dict)
	receipts: dict[str, ReceiptFact] = field(default_factory=dict)
	changed: dict[FactKind, set[str]] = field(default_factory=dict)
	reads: list[dict] = field(default_factory=list)

	def receipt(self, name: str, days: int, amount: int, customer: str = ONE, owner: str = MAKER) -> None:
		"""Put in a receipt on account, so many days ago."""
		on = getdate() - timedelta(days=days)
		self.receipts[name] = ReceiptFact(
			name, customer, on, Decimal(amount), Decimal(amount), f.CURRENCY, _noon(on), owner
		)
		self.changed.setdefault(FactKind.RECEIPTS, set()).add(customer)

	def invoice(self, name: str, days: int, amount: int, customer: str = ONE, **more: object) -> None:
		"""Put in an invoice, so many days ago."""
		on = getdate() - timedelta(days=days)
		given = {"due_date": on, "created": _noon(on), "owner": MAKER, **more}
		self.invoices[name] = InvoiceFact(
			name, customer, on, Decimal(amount), Decimal(amount), f.CURRENCY, **given
		)
		self.changed.setdefault(FactKind.INVOICES, set()).add(customer)

	def remove(self, name: str) -> None:
		"""Take a document away."""
		for kind, where in ((FactKind.RECEIPTS, self.receipts), (FactKind.INVOICES, self.invoices)):
			if found := where.pop(name, None):
				self.changed.setdefault(kind, set()).add(found.customer)

	def read(self, company, today, kinds=None, customers=None, open_too=False, since=None) -> ControlFacts:
		"""What a night reads."""
		self.reads.append({"kinds": kinds, "customers": customers, "open_too": open_too})
		now = now_datetime().replace(tzinfo=ZoneInfo("UTC"))
		facts = ControlFacts(
			company, f.CURRENCY, now, list(self.invoices.values()), list(self.receipts.values())
		)
		if customers is not None and not open_too:
			facts = facts.of_customers(customers)
		return replace(facts)

	def since(self, company: str, moment: datetime) -> FactChanges:
		"""What has changed."""
		return FactChanges({kind: frozenset(names) for kind, names in self.changed.items()})


def _noon(day: date) -> datetime:
	return datetime(day.year, day.month, day.day, 12)


def make_people() -> None:
	"""The company, its customers and those who work there."""
	f.make_company()
	for name in (ONE, TWO):
		f.make_customer(name)
	f.make_user(MAKER, ("Accounts User", "Accounts Manager"))
	f.make_user(BOSS, ("Credit Manager", "Sales User"))
	f.make_user(CHIEF, ("System Manager", "Accounts Manager", "Sales User"))
	f.make_user(CLERK, ("Credit Controller", "Sales User"))
	f.make_user(AUDITOR, ("Auditor",))
	f.make_user(SELLER, ("Sales User",))


def patched(monkeypatch, books: MadeBooks) -> MadeBooks:
	"""Have nights and previews read *books*."""
	monkeypatch.setattr(nightly, "read_facts", books.read)
	monkeypatch.setattr(nightly, "changed_since", books.since)
	monkeypatch.setattr(preview, "read_facts", books.read)
	monkeypatch.setattr(preview, "companies", lambda: (COMPANY,))
	monkeypatch.setattr(
		tell, "notify_later", lambda method, **arguments: frappe.get_attr(method)(**arguments)
	)
	return books


def night(*codes: str) -> None:
	"""Have the controls look."""
	nightly.look([COMPANY], codes or None)


def findings(control: str = "unallocated_receipt", **filters: object) -> list[frappe._dict]:
	"""Return the rows of a control."""
	return frappe.get_all(
		"Control Finding",
		{"company": COMPANY, "control": control, **filters},
		["*"],
		order_by="on_date, name",
	)


def runs(control: str = "unallocated_receipt") -> list[frappe._dict]:
	"""Return the runs of a control."""
	return frappe.get_all("Control Run", {"company": COMPANY, "control": control}, ["*"], order_by="run_date")
