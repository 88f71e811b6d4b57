"""Customers who owe, policies to dun them by, and a clock: moments are given by hand, at ten in the morning."""

from collections.abc import Sequence
from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, get_datetime, nowdate

from client_ledger.dunning import runs
from client_ledger.dunning.policies.default_policies import template_name
from client_ledger.site.doctypes import DUNNING_POLICY, LEDGER_NOTICE
from tests.bench import factories as f

COMPANY = "Ledger Test Company"


def ago(days: int) -> str:
	return add_days(nowdate(), -days)


def at(days: int = 0, hour: int = 10) -> datetime:
	"""Return a moment: so many days from today, on the hour."""
	return get_datetime(f"{add_days(nowdate(), days)} {hour:02d}:00:00")


def make_policy(
	title: str = "Test Policy",
	steps: Sequence[dict] = ({"days": 3}, {"days": 14, "wait_days": 7}),
	mode: str = "Automatic",
	**fields,
) -> Document:
	"""Return a policy for *customers* of the test company, on every day and at every hour unless told otherwise."""
	customers = fields.pop("customers", ())
	company = fields.pop("company", COMPANY)
	policy = (
		frappe.get_doc(DUNNING_POLICY, title)
		if frappe.db.exists(DUNNING_POLICY, title)
		else frappe.new_doc(DUNNING_POLICY)
	)
	policy.update(
		{
			"title": title,
			"mode": mode,
			"for_company": company,
			"gap": 1,
			"budget_contacts": 0,
			"opens": "00:00:00",
			"closes": "00:00:00",
			"skip_weekends": 0,
			"steps": [],
			"scopes": [],
			"texts": [],
			**fields,
		}
	)
	for number, step in enumerate(steps, 1):
		row = {
			"step_name": f"Step {number}",
			"channel": "Email",
			"email_template": template_name("reminder", "en"),
		}
		policy.append("steps", {**row, "wait_days": 7 if number > 1 else 0, **step})
	for customer in customers:
		policy.append("scopes", {"applies_to": "Customer", "customer": customer})
	return policy.save() if policy.name and not policy.is_new() else policy.insert()


def make_debtor(name: str, email: str | None = "auto", **fields) -> Document:
	"""Return a customer with a billing contact."""
	f.make_company()
	customer = f.make_customer(name, **fields)
	if email == "auto":
		email = f"{frappe.scrub(name)}@debtor.example"
	if email and not frappe.db.exists("Dynamic Link", {"link_name": name, "parenttype": "Contact"}):
		contact = frappe.new_doc("Contact")
		contact.update({"first_name": f"Contact of {name}", "is_billing_contact": 1})
		contact.append("email_ids", {"email_id": email, "is_primary": 1})
		contact.append("phone_nos", {"phone": "+49 30 1234567", "is_primary_mobile_no": 1})
		contact.append("links", {"link_doctype": "Customer", "link_name": name})
		contact.insert()
	return customer


def work(days: int = 0, hour: int = 10) -> None:
	"""Let an hour's work be done in this process."""
	runs.work(at(days, hour), in_process=True)


def notices(customer: str, **filters) -> list[Document]:
	"""Return a customer's notices, the oldest first; without filters not what an outage has cost."""
	names = frappe.get_all(
		LEDGER_NOTICE, {"customer": customer, **filters}, pluck="name", order_by="creation, as_of"
	)
	found = [frappe.get_doc(LEDGER_NOTICE, name) for name in names]
	return [row for row in found if filters or row.items or row.kind == "Acknowledgement"]


def notice(customer: str, **filters) -> Document:
	"""Return a customer's only notice."""
	found = notices(customer, **filters)
	assert len(found) == 1, [(n.status, n.step, n.as_of, n.reason) for n in found]
	return found[0]


def log_call(customer: str, moment: datetime) -> None:
	"""Have somebody call a customer about something else."""
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Phone",
			"sent_or_received": "Sent",
			"subject": "Called about an order",
			"content": "Called",
			"reference_doctype": "Customer",
			"reference_name": customer,
			"communication_date": moment,
		}
	).insert()
