"""Who may look at which customer's ledger in the portal, and who may act: the one place that decides it.

A visitor is a portal user of the customer (the host's own list on Customer, or a contact of it), or holds a signed link, which
only shows. A company answers only while its Customer Portal is on and the customer has entries with it.
"""

from collections.abc import Collection
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.guest_links import limits, links
from client_ledger.guest_links.links import OpenedLink
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.requirements import Given, Requirement
from client_ledger.site.settings import PORTAL_SWITCH

CUSTOMER_ROLE = "Customer"
# Requests by one link within an hour.
MOST_LOOKS, HOUR = 1200, 3600


class NotYours(frappe.PermissionError):
	"""The visitor may not see this ledger; which ones there are is not told."""

	http_status_code = 403


@dataclass(frozen=True, slots=True)
class Visitor:
	"""Who looks at the ledger of *customer* with *company*. link: the one it came by, None for a user who is logged in."""

	customer: str
	company: str
	link: OpenedLink | None = None

	@property
	def may_act(self) -> bool:
		"""Return whether it may do more than read."""
		return self.link is None

	@property
	def identity(self) -> str:
		"""Return what its requests are counted by."""
		return self.link.name if self.link else frappe.session.user

	@property
	def shown_name(self) -> str:
		"""Return who it is, for people who read what it did."""
		if self.link:
			return self.link.recipient or _("Link to the Customer Portal")
		return frappe.utils.get_fullname(frappe.session.user)


@dataclass(frozen=True, slots=True)
class PortalRight(Requirement):
	"""The customer's portal with a company, as its user or by a link. acts: as its user only."""

	acts: bool = False

	def check(self, given: Given) -> None:
		"""Raise frappe.PermissionError unless it is the visitor's. What is left out is filled in where there is one answer."""
		frappe.local.client_ledger_visitor = None
		visitor = admit(given.get("customer"), given.get("company"), given.get("link"))
		if self.acts and not visitor.may_act:
			frappe.throw(
				_("This link only shows the account. Log in to do this, or contact the company."), NotYours
			)
		given["customer"], given["company"] = visitor.customer, visitor.company
		frappe.local.client_ledger_visitor = visitor


def current_visitor() -> Visitor:
	"""Return the visitor whom the requirement of this request's function has let in."""
	visitor = getattr(frappe.local, "client_ledger_visitor", None)
	if not visitor:
		_refuse()
	return visitor


def admit(customer: str | None, company: str | None, token: str | None = None) -> Visitor:
	"""Return the visitor. customer, company: None for the only or first one. Raises NotYours, LinkRefused or TooManyTries."""
	if token:
		return _by_link(customer, company, token)
	user = frappe.session.user
	if user == "Guest":
		frappe.throw(_("Log in, or open the link that the company has sent you."), NotYours)
	mine = customers_of(user)
	if customer and customer not in mine:
		_refuse()
	for name in [customer] if customer else mine:
		companies = companies_of(name)
		if company in companies or (companies and not company):
			return Visitor(name, company or companies[0])
	_refuse()


def _by_link(customer: str | None, company: str | None, token: str) -> Visitor:
	link = links.opened_by(token, links.PORTAL)
	if (customer or link.customer, company or link.company) != (link.customer, link.company):
		_refuse()
	if link.company not in companies_of(link.customer):
		_refuse()
	limits.count("portal looks", link.name, MOST_LOOKS, HOUR)
	return Visitor(link.customer, link.company, link)


def _refuse() -> None:
	"""Say the same for what is another's, what there is not, and where the portal is off."""
	frappe.throw(
		_("This account is not available to you. Ask the company if you expect to see it here."), NotYours
	)


def customers_of(user: str) -> list[str]:
	"""Return the customers whose portal user *user* is, by name.

	As ERPNext's own portal: by the role Customer and the portal users of Customer; besides, by contacts of a customer that are
	linked with the user. Of these only such as colleagues have made: every user may make contacts of its own.
	"""
	if CUSTOMER_ROLE not in frappe.get_roles(user):
		return []
	own = frappe.get_all(
		"Portal User", {"user": user, "parenttype": "Customer"}, pluck="parent", order_by="parent"
	)
	names = sorted({*own, *_by_contacts(user)})
	return frappe.get_all("Customer", {"name": ("in", names)}, pluck="name", order_by="name") if names else []


def _by_contacts(user: str) -> Collection[str]:
	if frappe.get_cached_value("User", user, "user_type") != "Website User":
		return ()
	contact, row = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	maker, linker = frappe.qb.DocType("User").as_("maker"), frappe.qb.DocType("User").as_("linker")
	return (
		frappe.qb.from_(contact)
		.join(row)
		.on((row.parent == contact.name) & (row.parenttype == "Contact"))
		.join(maker)
		.on(maker.name == contact.owner)
		.join(linker)
		.on(linker.name == row.owner)
		.select(row.link_name)
		.where((contact.user == user) & (row.link_doctype == "Customer"))
		.where((maker.user_type == "System User") & (linker.user_type == "System User"))
	).run(pluck=True)


def companies_of(customer: str) -> list[str]:
	"""Return the companies whose portal is on and with which the customer has entries, that with most first."""
	on = companies_on()
	if not on:
		return []
	balances = site_ledger().balances(Scope(tuple(on), (customer,)), getdate())
	amounts = {key.company: abs(balance) for key, balance in balances.items()}
	return sorted(amounts, key=lambda name: (-amounts[name], name))


def companies_on() -> list[str]:
	"""Return the companies whose portal is on, by name."""
	if not frappe.get_meta("Company").has_field(PORTAL_SWITCH):
		return []
	return frappe.get_all("Company", {PORTAL_SWITCH: 1}, pluck="name", order_by="name")


def accounts_of(user: str) -> list[dict[str, str]]:
	"""Return the accounts that a user may choose between: customer with its name, and company."""
	names = customers_of(user)
	titles = dict(
		frappe.get_all("Customer", {"name": ("in", names)}, ["name", "customer_name"], as_list=True)
		if names
		else ()
	)
	return [
		{"customer": name, "customer_name": titles.get(name) or name, "company": company}
		for name in names
		for company in companies_of(name)
	]
