"""Renames for patches: DocTypes, fields, values and records, with what a site has saved about them. Each repeats harmlessly.

DocTypes and fields are renamed before the models are synchronised (`[pre_model_sync]`), so that the new JSON finds the data
under its new name. Values may be renamed in either section.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe.model.utils.rename_field import update_property_setters, update_reports
from frappe.model.utils.user_settings import sync_user_settings

from client_ledger.patches.saved_filters import Change, changed_json, with_field, with_value


class Saved(NamedTuple):
	"""Where the desk saves filters: a DocType, its field that names the filtered DocType, and its JSON fields."""

	doctype: str
	about: str
	columns: tuple[str, ...]


SAVED_FILTERS = (
	Saved("List Filter", "reference_doctype", ("filters",)),
	Saved("Kanban Board", "reference_doctype", ("filters", "fields")),
	Saved("Number Card", "document_type", ("filters_json", "dynamic_filters_json")),
	Saved("Dashboard Chart", "document_type", ("filters_json", "dynamic_filters_json")),
	Saved("Workspace Shortcut", "link_to", ("stats_filter",)),
	Saved("Workspace Quick List", "document_type", ("quick_list_filter",)),
)
# Fields of those and other records that hold the name of a field.
NAMED_FIELDS = (
	("Kanban Board", "reference_doctype", "field_name"),
	("Dashboard Chart", "document_type", "group_by_based_on"),
	("Notification", "document_type", "value_changed"),
)
TEMPLATES = ("subject", "message", "condition")


def rename_doctype(old: str, new: str) -> None:
	"""Rename a DocType with its table, links, permissions and users' settings. Nothing to do where *old* is not on the site."""
	if not frappe.db.exists("DocType", old):
		return
	if frappe.db.exists("DocType", new):
		frappe.throw(f"DocType {old} cannot become {new}: both are on the site")
	_rename("DocType", old, new)
	sync_user_settings()
	settings = frappe.qb.Table("__UserSettings")
	frappe.qb.update(settings).set(settings.doctype, new).where(settings.doctype == old).run()
	frappe.cache.delete_value("_user_settings")


def rename_record(doctype: str, old: str, new: str) -> None:
	"""Rename a record that the app brings, such as a Page, so that roles and shortcuts given to it stay; *old* goes in any case."""
	if not frappe.db.exists(doctype, old):
		return
	if frappe.db.exists(doctype, new):
		frappe.delete_doc(doctype, old, force=True, ignore_permissions=True, delete_permanently=True)
		return
	_rename(doctype, old, new)
	if doctype == "Page":
		frappe.db.set_value(doctype, new, "page_name", new, update_modified=False)


def rename_job(old: str, new: str) -> None:
	"""Rename the function that a scheduled job calls, before Frappe synchronises jobs: it stays stopped if it was, with its logs."""
	for name in frappe.get_all("Scheduled Job Type", {"method": old}, pluck="name"):
		if frappe.db.exists("Scheduled Job Type", {"method": new}):
			frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": name})
			frappe.db.delete("Scheduled Job Type", {"name": name})
			continue
		frappe.db.set_value("Scheduled Job Type", name, "method", new, update_modified=False)
		# Frappe 15 names jobs by the end of the path, Frappe 16 at random.
		ends = [".".join(method.split(".")[-2:]) for method in (old, new)]
		if name == ends[0]:
			_rename("Scheduled Job Type", *ends)


def _rename(doctype: str, old: str, new: str) -> None:
	frappe.rename_doc(doctype, old, new, force=True, show_alert=False, rebuild_search=False)
	# Frappe's note of it would outlive the app.
	frappe.db.delete("Comment", {"reference_doctype": doctype, "reference_name": new, "comment_type": "Edit"})


def rename_field(doctype: str, old: str, new: str) -> None:
	"""Rename the column of a field, before the models are synchronised, and the field in whatever a site has saved about it."""
	if not _has_column(doctype, old):
		return
	if _has_column(doctype, new):
		frappe.throw(f"Field {old} of {doctype} cannot become {new}: its table has both")
	frappe.db.rename_column(doctype, old, new)
	update_reports(doctype, old, new)
	update_property_setters(doctype, old, new)
	for place, about, field in NAMED_FIELDS:
		frappe.db.set_value(place, {about: doctype, field: old}, field, new, update_modified=False)
	_rewrite_templates(doctype, old, new)
	_rewrite_saved(doctype, lambda value: with_field(value, doctype, old, new))
	frappe.clear_cache(doctype=doctype)


def rename_value(doctype: str, field: str, old: str, new: str) -> None:
	"""Rename a value of a Select field in the rows and in saved filters."""
	if not _has_column(doctype, field):
		return
	table = frappe.qb.DocType(doctype)
	frappe.qb.update(table).set(table[field], new).where(table[field] == old).run()
	_rewrite_saved(doctype, lambda value: with_value(value, (doctype, field), old, new))


def _has_column(doctype: str, field: str) -> bool:
	"""Return whether the table has the column, past Frappe's cache of columns."""
	columns = frappe.qb.Schema("information_schema").columns
	of_column = (columns.table_schema == frappe.conf.db_name) & (columns.table_name == f"tab{doctype}")
	return bool(
		frappe.qb.from_(columns)
		.select(columns.column_name)
		.where(of_column & (columns.column_name == field))
		.run()
	)


def _rewrite_templates(doctype: str, old: str, new: str) -> None:
	"""Let Notifications about the DocType read doc.new where they read doc.old."""
	names_field = re.compile(rf"\bdoc\.{re.escape(old)}\b")
	for row in frappe.get_all("Notification", {"document_type": doctype}, ["name", *TEMPLATES]):
		texts = {column: names_field.sub(f"doc.{new}", row[column]) for column in TEMPLATES if row[column]}
		changed = {column: text for column, text in texts.items() if text != row[column]}
		if changed:
			frappe.db.set_value("Notification", row.name, changed, update_modified=False)


def _rewrite_saved(doctype: str, change: Change) -> None:
	"""Apply *change* to filters saved about the DocType and to its users' settings."""
	for place in SAVED_FILTERS:
		for row in _rows(place, doctype):
			changed = {
				column: text
				for column in place.columns
				if (text := changed_json(row.get(column), change)) is not None
			}
			if changed:
				frappe.db.set_value(place.doctype, row.name, changed, update_modified=False)
	sync_user_settings()
	settings = frappe.qb.Table("__UserSettings")
	query = frappe.qb.from_(settings).select(settings.user, settings.data).where(settings.doctype == doctype)
	for user, data in query.run():
		if (text := changed_json(data, change)) is not None:
			of_user = (settings.doctype == doctype) & (settings.user == user)
			frappe.qb.update(settings).set(settings.data, text).where(of_user).run()
	frappe.cache.delete_value("_user_settings")


def _rows(place: Saved, doctype: str) -> Iterator[frappe._dict]:
	if frappe.db.table_exists(place.doctype):
		known = [column for column in place.columns if frappe.db.has_column(place.doctype, column)]
		yield from frappe.get_all(place.doctype, {place.about: doctype}, ["name", *known])
