"""What installing makes once for a site and then leaves to its administrators, who may change or delete it."""

from collections.abc import Callable

import frappe

from client_ledger.site.doctypes import LEDGER_SETTINGS

FIELD = "made_once"


def once(key: str, make: Callable[[], None]) -> None:
	"""Call *make* unless that was done on this site before."""
	made = (frappe.db.get_singles_dict(LEDGER_SETTINGS).get(FIELD) or "").split()
	if key not in made:
		make()
		frappe.db.set_single_value(LEDGER_SETTINGS, FIELD, " ".join([*made, key]), update_modified=False)
