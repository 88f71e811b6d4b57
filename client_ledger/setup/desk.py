"""The tile on the desk of ERPNext 16, fitted to the build it is installed on, and the home page's block on the workspace."""

import frappe

ICON = "Client Ledger"
TARGETS = ("Workspace Sidebar", "Workspace")
# The Custom HTML Block that shows the home page, in our workspace and in whichever somebody puts it.
HOME_BLOCK = "Client Ledger Home"


def fit_desktop_icon() -> None:
	"""Let the tile open what this build's tiles open.

	The file says Workspace Sidebar, as releases of Frappe 16 have it; builds before that release knew tiles of a
	Workspace only, and hid the others. Frappe 15 has no such tiles.
	"""
	if not frappe.db.exists("Desktop Icon", ICON):
		return
	known = (frappe.get_meta("Desktop Icon").get_field("link_type").options or "").split("\n")
	target = next((target for target in TARGETS if target in known), None)
	if target and frappe.db.get_value("Desktop Icon", ICON, "link_type") != target:
		frappe.db.set_value("Desktop Icon", ICON, "link_type", target)
		frappe.clear_cache()


def remove_from_desk() -> None:
	"""Delete the tile and the sidebar, which Frappe 16 does not remove with an app, and the home page's block.

	By statements: in developer mode deleting the documents would delete the app's files.
	"""
	frappe.db.delete("Has Role", {"parenttype": "Custom HTML Block", "parent": HOME_BLOCK})
	frappe.db.delete("Custom HTML Block", {"name": HOME_BLOCK})
	frappe.db.delete("Workspace Custom Block", {"custom_block_name": HOME_BLOCK})
	for doctype, children in (("Desktop Icon", "Has Role"), ("Workspace Sidebar", "Workspace Sidebar Item")):
		if frappe.db.table_exists(doctype) and frappe.db.exists(doctype, ICON):
			frappe.db.delete(children, {"parenttype": doctype, "parent": ICON})
			frappe.db.delete(doctype, {"name": ICON})
