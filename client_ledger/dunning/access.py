"""Who may do what about dunning: see (whoever may read the customer), start, approve and reject, block, waive.

The same table feeds the checks, the buttons and the matrix in docs/dunning.md; a test walks the roles through it.
"""

from client_ledger.site.access import check_company
from client_ledger.site.roles import has_one_of, require_one_of

# What each role may do besides reading.
MAY: dict[str, tuple[str, ...]] = {
	"start": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller"),
	"decide": ("Accounts Manager", "Credit Manager"),
	"send": ("Accounts Manager", "Credit Manager"),
	"work": ("Accounts Manager", "Credit Manager", "Credit Controller"),
	"lift": ("Credit Manager", "Credit Controller"),
	"block": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller", "Sales Manager"),
	"replay": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller"),
}


def may(action: str, user: str | None = None) -> bool:
	"""Return whether a user may do one of the actions of MAY."""
	return has_one_of(MAY[action], user)


def check(action: str, company: str | None = None) -> None:
	"""Raise frappe.PermissionError unless the user may do *action*, in *company*."""
	require_one_of(MAY[action])
	if company:
		check_company(company)


def check_decider(company: str) -> None:
	"""Raise frappe.PermissionError unless the user may approve, reject and waive in *company*."""
	check("decide", company)
