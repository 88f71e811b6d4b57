"""Users of the desk's tests, each with the password of conftest."""

from collections.abc import Sequence

import frappe
from frappe.utils.password import update_password

from tests.bench import factories as f
from tests.browser.conftest import PASSWORD

MANAGER_ROLES = ("Credit Manager", "Accounts Manager", "Sales Manager")


def make_user(
	email: str,
	roles: Sequence[str],
	permissions: Sequence[tuple[str, str]] = (),
	language: str = "",
	company: str = "",
) -> None:
	"""Make a user who can log in, with exactly *roles*, user permissions, a language and a default company."""
	f.make_user(email, roles, permissions)
	update_password(email, PASSWORD)
	if language:
		frappe.db.set_value("User", email, "language", language)
	if company:
		frappe.defaults.set_user_default("company", company, email)
