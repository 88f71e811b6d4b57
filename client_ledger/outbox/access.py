"""Who may decide about notices, send them, and work on those that wait for a person. Seeing follows the customer."""

from client_ledger.site.access import check_company
from client_ledger.site.roles import has_one_of, require_one_of


class ActionRoles(dict[str, tuple[str, ...]]):
	"""The roles that each action takes; the same table feeds the checks, the buttons and the documentation."""

	def can(self, action: str, user: str | None = None) -> bool:
		"""Return whether a user may do *action*."""
		return has_one_of(self[action], user)

	def require(self, action: str, company: str | None = None) -> None:
		"""Raise frappe.PermissionError unless the user may do *action*, in *company*."""
		require_one_of(self[action])
		if company:
			check_company(company)


ROLES = ActionRoles(
	decide=("Accounts Manager", "Credit Manager"),
	send=("Accounts Manager", "Credit Manager"),
	work=("Accounts Manager", "Credit Manager", "Credit Controller"),
)
can, require = ROLES.can, ROLES.require
