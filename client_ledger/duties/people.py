"""Accounts of one person: whoever has two could do with the one what is kept from the other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import frappe

# By which an Employee tells whose it is, besides its user.
EMAILS = ("company_email", "personal_email")


def other_accounts() -> Mapping[str, frozenset[str]]:
	"""Return for each user with several accounts its other ones: by the Employee they share, or by an e-mail address."""
	names = {name.lower(): name for name in frappe.get_all("User", pluck="name", order_by="name")}
	groups = _Groups()
	for row in frappe.get_all("User", fields=["name", "email"], order_by="name"):
		groups.join([row.name.lower(), *_addresses(row.email, row.name)])
	employees = frappe.get_all("Employee", fields=["user_id", *EMAILS], order_by="name")
	# A company's address that several have, such as info@, is nobody's own.
	times = Counter(address for row in employees for address in _addresses(row.company_email))
	for row in employees:
		own = [one for one in _addresses(row.company_email) if times[one] == 1]
		groups.join([*_addresses(row.user_id, row.personal_email), *own])
	found = {}
	for group in groups.all():
		users = frozenset(names[one] for one in group if one in names)
		if len(users) > 1:
			found.update({user: users - {user} for user in users})
	return found


def with_other_accounts(users: Iterable[str]) -> list[str]:
	"""Return *users* and the other accounts of the same people, by name."""
	users, others = set(users), other_accounts()
	return sorted(users.union(*(others.get(user, ()) for user in users)))


def _addresses(*texts: str | None) -> list[str]:
	"""Return e-mail addresses so that two of one mailbox are the same: ann+books@example.com is that of ann@example.com."""
	found = []
	for text in texts:
		address = (text or "").strip().lower()
		name, at, domain = address.partition("@")
		if address:
			found.append(f"{name.split('+')[0]}{at}{domain}")
	return found


class _Groups:
	"""Names that belong together, whichever of them was joined with which."""

	def __init__(self) -> None:
		self._leads: dict[str, str] = {}

	def join(self, names: list[str]) -> None:
		for name in names:
			self._leads.setdefault(name, name)
			self._leads[self._first(name)] = self._first(names[0])

	def all(self) -> Iterator[list[str]]:
		found: dict[str, list[str]] = {}
		for name in self._leads:
			found.setdefault(self._first(name), []).append(name)
		yield from found.values()

	def _first(self, name: str) -> str:
		while self._leads[name] != name:
			name = self._leads[name]
		return name
