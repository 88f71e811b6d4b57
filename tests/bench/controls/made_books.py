"""Facts of a small company made by hand, which a night reads instead of the site's: what is found is known before."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from client_ledger.controls import nightly, preview, tell
from client_ledger.controls.passes import FactPass
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.facts import FactKind, InvoiceFact, ReceiptFact
from client_ledger.core.controls.parameters import read_parameters
from client_ledger.core.controls.run import FactChanges, Rerun, history
from client_ledger.core.controls.run import findings as found_now
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
	reads: list[Rerun] = field(default_factory=list)

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

	def facts(self, company: str) -> ControlFacts:
		"""All facts."""
		now = now_datetime().replace(tzinfo=ZoneInfo("UTC"))
		return ControlFacts(
			company, f.CURRENCY, now, list(self.invoices.values()), list(self.receipts.values())
		)

	def passes(self, company, today, reruns, since=None):
		"""What a night reads, in one pass."""
		self.reads += [one for one in reruns]
		if reruns:
			yield FactPass(tuple(reruns), self.facts(company))

	def past(self, company, code, values=None, months=12, today=None) -> dict:
		"""What the past would have brought."""
		control, facts = CONTROLS[code], self.facts(company)
		wanted, _problems = read_parameters(control, values or {})
		shipped, chosen = (history(control, facts, one, months) for one in (control.defaults(), wanted))
		return {
			"months": [
				{"month": str(one.month), "found": 0, "with_values": len(one.keys)} for one in chosen.months
			],
			"before": chosen.before,
			"found": shipped.total,
			"with_values": chosen.total,
			"now": len(found_now(control, facts, control.defaults())),
			"now_with_values": len(found_now(control, facts, wanted)),
			"silent": "",
		}

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
	monkeypatch.setattr(nightly, "passes", books.passes)
	monkeypatch.setattr(nightly, "changed_since", books.since)
	monkeypatch.setattr(preview, "past_of", books.past)
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


def make_finding(customer: str, company: str, control: str = "unallocated_receipt") -> Document:
	"""Return a finding about a customer, as a night would have stored it."""
	finding = frappe.new_doc("Control Finding", control=control, control_title=CONTROLS[control].name)
	finding.update(
		{
			"company": company,
			"customer": customer,
			"severity": "Low",
			"reason": f"Money of {customer}",
			"responsible_role": "Credit Manager",
			"first_found": now_datetime(),
			"unique_key": f"made {customer} {company}",
			"documents": [{"document_type": "Customer", "document_name": customer}],
		}
	)
	return finding.insert(ignore_permissions=True)


def as_user(user, work):
	frappe.set_user(user)
	try:
		return work()
	finally:
		frappe.set_user("Administrator")
