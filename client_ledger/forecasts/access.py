"""Who has a forecast made, and who sees forecasts: who sees some customers only gets what is expected from those, see own.py."""

import frappe

from client_ledger.outbox.access import ActionRoles
from client_ledger.site.doctypes import CASH_FORECAST

ROLES = ActionRoles(make=("Accounts Manager", "Credit Manager", "System Manager"))
can = ROLES.can
# Whose the forecasts are: they are told where one was wrong by much.
OWNERS = ("Accounts Manager", "Credit Manager")


def may_see() -> bool:
	"""Return whether the user may see forecasts, be it of the customers that are theirs to see."""
	return bool(frappe.has_permission(CASH_FORECAST, "read"))
