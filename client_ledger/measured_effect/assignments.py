"""Who is in which arm of which trial: rows that are written once, follow their customer, and are never changed."""

from collections.abc import Iterable, Mapping, Sequence

import frappe
from frappe.utils import getdate

from client_ledger.core.measured_effect.assignment import AssignedArm, TrialArm
from client_ledger.outbox.keys import digest
from client_ledger.site.doctypes import TRIAL_ASSIGNMENT
from client_ledger.site.rows import bulk_insert


def key_of(trial: str, customer: str) -> str:
	"""Return the key that keeps a customer from being assigned twice in a trial."""
	return digest(f"{trial}|{customer}")


def arms_of(trials: Iterable[str], customers: Sequence[str]) -> dict[tuple[str, str], TrialArm]:
	"""Return the arms on record of *customers*, by trial and customer."""
	table = frappe.qb.DocType(TRIAL_ASSIGNMENT)
	rows = (
		frappe.qb.from_(table)
		.select(table.trial, table.customer, table.arm)
		.where(table.trial.isin(list(trials)) & table.customer.isin(list(customers)))
	).run()
	return {(trial, customer): TrialArm(arm) for trial, customer, arm in rows}


def of_trial(trial: str) -> dict[str, AssignedArm]:
	"""Return everybody who is in a trial, by customer."""
	table = frappe.qb.DocType(TRIAL_ASSIGNMENT)
	rows = (
		frappe.qb.from_(table)
		.select(table.customer, table.arm, table.assigned_on)
		.where(table.trial == trial)
		.orderby(table.customer)
	).run()
	return {customer: AssignedArm(trial, customer, TrialArm(arm), getdate(on)) for customer, arm, on in rows}


def record(company: str, found: Sequence[AssignedArm], names: Mapping[str, str]) -> None:
	"""Write down who is in which arm; who is on record already stays as it is. names: of customers. Does not commit."""
	bulk_insert(
		TRIAL_ASSIGNMENT,
		[
			{
				"trial": one.trial,
				"customer": one.customer,
				"customer_name": names.get(one.customer, one.customer),
				"company": company,
				"arm": one.arm.value,
				"assigned_on": one.assigned_on,
				"assignment_key": key_of(one.trial, one.customer),
			}
			for one in found
		],
		ignore_duplicates=True,
	)


# --- customers that are merged, renamed or deleted ---


def before_merge(old: str, new: str) -> None:
	"""Where both are in a trial, the surviving customer stays in its arm, and its row says who was merged into it."""
	fields = ["name", "trial", "arm", "assigned_on", "merged"]
	of_new = {
		row.trial: row
		for row in frappe.get_all(TRIAL_ASSIGNMENT, {"customer": new}, fields, order_by="trial")
	}
	for row in frappe.get_all(TRIAL_ASSIGNMENT, {"customer": old}, fields, order_by="trial"):
		if kept := of_new.get(row.trial):
			said = f"{old}: {row.arm}, {row.assigned_on}"
			merged = "\n".join(text for text in (kept.merged, row.merged, said) if text)
			frappe.db.set_value(TRIAL_ASSIGNMENT, kept.name, "merged", merged, update_modified=False)
			frappe.db.delete(TRIAL_ASSIGNMENT, {"name": row.name})


def rewrite_keys(customer: str) -> None:
	"""Give a customer's rows the keys of its name: what is on record stays, whatever the hash of the new name would say."""
	for row in frappe.get_all(TRIAL_ASSIGNMENT, {"customer": customer}, ["name", "trial"], order_by="name"):
		key = key_of(row.trial, customer)
		frappe.db.set_value(TRIAL_ASSIGNMENT, row.name, "assignment_key", key, update_modified=False)


def delete_of_customer(customer: str) -> None:
	"""Delete a customer's rows with it. ERPNext deletes no customer that has a ledger."""
	frappe.db.delete(TRIAL_ASSIGNMENT, {"customer": customer})
