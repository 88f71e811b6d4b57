"""What uninstalling takes away: everything of ours that Frappe does not remove with the module."""

import frappe

from client_ledger.dunning.policies.defaults import delete_defaults
from client_ledger.early_warnings.notification import delete_notifications
from client_ledger.ledger.indexes import drop_indexes
from client_ledger.setup.custom_fields import PROPERTY_SETTERS, get_custom_fields
from client_ledger.setup.desk import remove_from_desk
from client_ledger.setup.workflows import remove_workflows

MODULE = "Client Ledger"
# Roles that our DocTypes brought.
ROLES = ("Credit Controller", "Credit Manager")
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
	("Portal Menu Item", "reference_doctype"),
)


def before_uninstall() -> None:
	"""Take our fields off ERPNext's forms, our indexes off its tables and our records off the desk."""
	remove_custom_fields()
	remove_property_setters()
	remove_workflows()
	remove_records_about_our_doctypes()
	delete_defaults()
	delete_notifications()
	remove_from_desk()
	drop_indexes()


def after_uninstall() -> None:
	"""Take our jobs off the scheduler, which would otherwise run them until the next migration."""
	jobs = frappe.get_all("Scheduled Job Type", {"method": ("like", "client_ledger.%")}, pluck="name")
	for job in jobs:
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": job})
		frappe.delete_doc("Scheduled Job Type", job, force=True, delete_permanently=True)
	remove_roles()
	frappe.db.delete("Patch Log", {"patch": ("like", "client_ledger.%")})
	frappe.db.commit()  # nosemgrep: nothing commits after this hook
	frappe.clear_cache()


def remove_roles() -> None:
	"""Delete our roles and take them off users, unless something else of the site has come to use them."""
	for role in ROLES:
		if frappe.db.exists("Role", role) and not _is_used(role):
			frappe.db.delete("Has Role", {"role": role})
			frappe.delete_doc("Role", role, force=True, ignore_permissions=True, delete_permanently=True)


def _is_used(role: str) -> bool:
	"""Return whether anything but lists of users' roles names the role, our own DocTypes being gone."""
	names_it = {
		"DocPerm": {"role": role},
		"Custom DocPerm": {"role": role},
		"Workflow Transition": {"allowed": role},
		"Workflow Document State": {"allow_edit": role},
		"Has Role": {"role": role, "parenttype": ("not in", ("User", "Role Profile"))},
	}
	controller = frappe.db.get_single_value("Accounts Settings", "credit_controller")
	return controller == role or any(
		frappe.db.exists(doctype, filters) for doctype, filters in names_it.items()
	)


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


def remove_records_about_our_doctypes() -> None:
	"""Delete what the desk keeps about our DocTypes: filters, labels, permissions, scripts, comments, versions."""
	doctypes = frappe.get_all("DocType", {"module": MODULE}, pluck="name")
	for doctype, field in ABOUT_OUR_DOCTYPES:
		frappe.db.delete(doctype, {field: ("in", doctypes)})
	take_out_references(doctypes)


def take_out_references(doctypes: list[str]) -> None:
	"""Empty what is left of references to our documents: mails, logs and files stay, without a document to lead to."""
	tables = set(frappe.db.get_tables(cached=False))
	named = frappe.get_all("DocField", {"fieldtype": "Link", "options": "DocType"}, ["parent", "fieldname"])
	for link in named:
		if link.parent in doctypes or f"tab{link.parent}" not in tables:
			continue
		of_it = frappe.get_all(
			"DocField",
			{"parent": link.parent, "fieldtype": "Dynamic Link", "options": link.fieldname},
			pluck="fieldname",
		)
		table = frappe.qb.DocType(link.parent)
		query = frappe.qb.update(table).where(table[link.fieldname].isin(doctypes))
		for field in (link.fieldname, *of_it):
			query = query.set(table[field], None)
		query.run()
