"""Do something on a site with the app it uses. Arguments: the site, what, and days after the fill.

migrate     what bench migrate does
work        let the jobs of an hour and of a night run, as the workers would, and print what is in doubt
uninstall   take the app off, and print what it has left
"""

import json
import sys

from moment import connected

MODULE, APP = "Client Ledger", "client_ledger"


def main(site: str, what: str, days: str) -> None:
	if what == "migrate":
		migrate(site, float(days))
	else:
		with connected(site, float(days)):
			{"work": work, "uninstall": uninstall}[what]()


def migrate(site: str, days: float) -> None:
	"""Migrate, without a search index, which nobody reads here."""
	from freezegun import freeze_time
	from moment import day

	with freeze_time(day(days), tick=True):
		import frappe
		from frappe.migrate import SiteMigration

		SiteMigration(skip_search_index=True).run(site=site)
		frappe.destroy()


def work() -> None:
	"""Let an hour's and a night's work be done in this process."""
	import frappe

	from client_ledger import tasks
	from client_ledger.dunning import runs

	runs.work(in_process=True)
	frappe.db.commit()
	tasks.catch_up()
	tasks.nightly()
	frappe.db.commit()


def uninstall() -> None:
	"""Remove the app and print as JSON what of it is still there."""
	import frappe
	from frappe.installer import remove_app

	doctypes = frappe.get_all("DocType", {"module": MODULE}, pluck="name")
	remove_app(APP, yes=True, no_backup=True)
	frappe.db.commit()
	frappe.clear_cache()
	print("LEFT " + json.dumps(left(doctypes)))


def left(doctypes: list[str]) -> list[str]:
	"""Return records, tables, columns, indexes and jobs of ours, or about one of our former *doctypes*."""
	import frappe

	tables = set(frappe.db.get_tables(cached=False))
	found = [f"table {doctype}" for doctype in doctypes if f"tab{doctype}" in tables]
	links = frappe.get_all(
		"DocField",
		{"fieldtype": "Link", "options": ("in", ("DocType", "Module Def"))},
		["parent", "fieldname", "options"],
	)
	for link in links:
		if f"tab{link.parent}" in tables and not frappe.get_meta(link.parent).issingle:
			names = doctypes if link.options == "DocType" else [MODULE]
			for name in frappe.get_all(
				link.parent, {link.fieldname: ("in", names)}, pluck="name", parent_doctype="DocType"
			):
				found.append(f"{link.parent} {name}: {link.fieldname}")
	for row in frappe.db.sql(
		"""select distinct table_name, index_name from information_schema.statistics
		where table_schema = database() and index_name like 'cl\\_%'"""
	):
		found.append(f"index {row[0]}.{row[1]}")
	found += [
		f"Custom Field {name}"
		for name in frappe.get_all("Custom Field", {"fieldname": ("like", "cl_%")}, pluck="name")
	]
	for kind, field in (("Scheduled Job Type", "method"), ("Number Card", "method"), ("Patch Log", "patch")):
		found += [
			f"{kind} {name}" for name in frappe.get_all(kind, {field: ("like", f"{APP}.%")}, pluck="name")
		]
	return sorted(found)


if __name__ == "__main__":
	main(*sys.argv[1:])
