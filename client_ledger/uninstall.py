"""What uninstalling takes away: everything of ours that Frappe does not remove with the module."""

import frappe

from client_ledger.custom_fields import PROPERTY_SETTERS, get_custom_fields
from client_ledger.dunning.access import OWN_ROLES
from client_ledger.dunning.shipping import unship
from client_ledger.ledger.indexes import drop_indexes
from client_ledger.reporting.desk import remove_from_desk

MODULE = "Client Ledger"
# Records that name a DocType of ours, with the field that names it.
ABOUT_OUR_DOCTYPES = (
	("Property Setter", "doc_type"),
	("Custom Field", "dt"),
	("Custom DocPerm", "parent"),
	("Client Script", "dt"),
	("List Filter", "reference_doctype"),
	("Version", "ref_doctype"),
	("Comment", "reference_doctype"),
	("ToDo", "reference_type"),
	("DocShare", "share_doctype"),
	("Singles", "doctype"),
)


def before_uninstall() -> None:
	"""Take our fields off ERPNext's forms, our indexes off its tables and our records off the desk."""
	remove_custom_fields()
	remove_property_setters()
	remove_records_about_our_doctypes()
	unship()
	remove_roles()
	remove_from_desk()
	drop_indexes()


def after_uninstall() -> None:
	"""Take our jobs off the scheduler, which would otherwise run them until the next migration."""
	jobs = frappe.get_all("Scheduled Job Type", {"method": ("like", "client_ledger.%")}, pluck="name")
	for job in jobs:
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": job})
		frappe.delete_doc("Scheduled Job Type", job, force=True, delete_permanently=True)
	frappe.db.delete("Patch Log", {"patch": ("like", "client_ledger.%")})
	frappe.db.commit()  # nosemgrep: nothing commits after this hook
	frappe.clear_cache()


def remove_custom_fields() -> None:
	"""Delete the custom fields that installing made."""
	for doctype, fields in get_custom_fields().items():
		for field in fields:
			frappe.db.delete("Custom Field", {"dt": doctype, "fieldname": field["fieldname"]})
		frappe.clear_cache(doctype=doctype)


def remove_property_setters() -> None:
	"""Delete the property setters that installing made."""
	for setter in PROPERTY_SETTERS:
		frappe.db.delete(
			"Property Setter",
			{
				"doc_type": setter["doctype"],
				"field_name": setter.get("fieldname"),
				"property": setter["property"],
			},
		)
		frappe.clear_cache(doctype=setter["doctype"])


def remove_roles() -> None:
	"""Delete the roles our DocTypes brought, and take them off everybody who has them."""
	for role in OWN_ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.db.delete("Custom DocPerm", {"role": role})
		frappe.delete_doc(
			"Role", role, force=True, ignore_missing=True, ignore_permissions=True, delete_permanently=True
		)


def remove_records_about_our_doctypes() -> None:
	"""Delete what the desk keeps about our DocTypes: filters, labels, permissions, scripts, comments, versions."""
	doctypes = frappe.get_all("DocType", {"module": MODULE}, pluck="name")
	for doctype, field in ABOUT_OUR_DOCTYPES:
		frappe.db.delete(doctype, {field: ("in", doctypes)})
