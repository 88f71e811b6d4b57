"""Links to the customer portal, as the desk makes, shows and revokes them."""

import frappe
from frappe import _
from frappe.utils import add_days, formatdate, getdate, validate_email_address

from client_ledger.collections.access import ROLES_FOR, AccountRight
from client_ledger.guest_links import links
from client_ledger.portal.access import companies_of
from client_ledger.site.arguments import a_text, arguments, bad_argument
from client_ledger.site.contacts import read_customers
from client_ledger.site.doctypes import GUEST_LINK
from client_ledger.site.messages import bold, filled
from client_ledger.site.requirements import OneOf, requires
from client_ledger.site.settings import portal_is_on

WORK = OneOf(ROLES_FOR["work"])
DAYS, MOST_DAYS = 90, 366


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(WORK, AccountRight())
def portal_links(customer: str, company: str) -> dict:
	"""Return whether the portal is on, to whom a link goes by default, and the links that stand."""
	who = read_customers([customer])[customer]
	return {
		"is_on": portal_is_on(company),
		"recipient": who.addressee.email,
		"links": [_shown(row) for row in _standing(customer, company)],
	}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, AccountRight())
def make_portal_link(customer: str, company: str, recipient: str | None = None, days: int = DAYS) -> dict:
	"""Return the link for a recipient, valid for *days*: a new one, or the one that stands, which then ends no sooner."""
	if not portal_is_on(company):
		frappe.throw(
			filled(_("The customer portal of {0} is off. Switch it on in the company first."), bold(company))
		)
	if company not in companies_of(customer):
		frappe.throw(
			filled(_("{0} has no entries with {1}: there is nothing to show yet."), customer, company)
		)
	if not 1 <= days <= MOST_DAYS:
		bad_argument("days", filled(_("Enter a number between {0} and {1}."), 1, MOST_DAYS))
	recipient = (recipient or "").strip() or None
	if recipient and not validate_email_address(recipient):
		bad_argument("recipient", filled(_("{0} is not a valid email address."), recipient))
	ends = getdate(add_days(getdate(), days))
	name = links.issue(links.PORTAL, "Customer", customer, customer, company, ends, recipient)
	return _shown(frappe.db.get_value(GUEST_LINK, name, FIELDS, as_dict=True))


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
@requires(WORK, AccountRight())
def revoke_portal_link(customer: str, company: str, name: str, reason: str | None = None) -> None:
	"""End a link to the portal at once. Raises frappe.ValidationError for what is no such link of this account."""
	of_account = {"name": name, "purpose": links.PORTAL, "customer": customer, "company": company}
	if not frappe.db.exists(GUEST_LINK, of_account):
		frappe.throw(_("This is no portal link of this customer. Load the list of links again."))
	links.revoke(name, reason or _("Revoked on the customer's form"))


FIELDS = ["name", "customer", "recipient", "expires_on", "opened", "last_opened"]


def _standing(customer: str, company: str) -> list[frappe._dict]:
	return frappe.get_all(
		GUEST_LINK,
		{
			"purpose": links.PORTAL,
			"customer": customer,
			"company": company,
			"revoked": 0,
			"expires_on": (">=", getdate()),
		},
		FIELDS,
		order_by="creation desc",
		limit=50,
	)


def _shown(row: frappe._dict) -> dict:
	language = frappe.db.get_value("Customer", row.customer, "language")
	return {
		"name": row.name,
		"url": links.url(row.name, language),
		"recipient": row.recipient,
		"expires_on": str(row.expires_on),
		"expires_text": formatdate(row.expires_on),
		"opened": row.opened,
		"last_opened": str(row.last_opened) if row.last_opened else None,
	}
