"""What a customer says in the portal: disputes, promises, new contact details. Each is a document that a colleague answers for.

The customer has no permission on these documents: they are stored for it, after access.py has let it in.
"""

from collections.abc import Mapping, Sequence

import frappe
from frappe import _
from frappe.utils import add_days, escape_html, getdate, nowdate, validate_email_address
from frappe.utils.user import get_users_with_role

from client_ledger.collections import disputes, follow_ups
from client_ledger.collections.promises import controller
from client_ledger.guest_links import limits
from client_ledger.portal.access import Visitor
from client_ledger.portal.paying import open_of
from client_ledger.portal.shown import day
from client_ledger.site.arguments import bad_argument
from client_ledger.site.doctypes import DISPUTE_REASON, FOLLOW_UP, LEDGER_DISPUTE
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import notify

PORTAL = "Customer Portal"
# Requests of one visitor within an hour.
MOST_REQUESTS, HOUR = 30, 3600
ANSWERED_IN, LATEST_PROMISE = 2, 366
_OWNERS = ("Credit Manager", "Accounts Manager")
_CONTACT = ("contact_name", "email", "phone", "address", "notes")


def dispute(visitor: Visitor, items: Sequence[dict], reason: str, details: str) -> str:
	"""Open a dispute; return its name. Raises frappe.ValidationError with what to change."""
	_count(visitor)
	rows = _rows(visitor, items)
	if not frappe.db.exists(DISPUTE_REASON, {"name": reason, "enabled": 1}):
		bad_argument("reason", _("Choose one of the reasons in the list."))
	if not details.strip():
		bad_argument("details", _("Write what is wrong, so that it can be looked into."))
	assigned = frappe.db.get_value(DISPUTE_REASON, reason, "assign_to")
	return disputes.open_dispute(
		visitor.customer,
		visitor.company,
		rows,
		reason,
		ignore_permissions=True,
		details=_said_by(visitor, details),
		responsible=assigned if assigned and _may_see(assigned, visitor) else owner_of(visitor),
	).name


def promise(visitor: Visitor, items: Sequence[dict], on: str) -> str:
	"""Take the promise to pay *items* in full on a day; return the day as the customer reads it.

	Raises frappe.ValidationError with what to change.
	"""
	_count(visitor)
	rows = _rows(visitor, items)
	if getdate(on) > getdate(add_days(nowdate(), LATEST_PROMISE)):
		bad_argument("day", _("Choose a day within a year."))
	total = sum(float(row["amount"] or 0) for row in rows)
	made = controller.take_promise(
		visitor.customer,
		visitor.company,
		rows,
		[{"due_date": on, "amount": round(total, 6)}],
		ignore_permissions=True,
		channel="Portal",
		notes=_("In the customer portal, by {0}.").format(visitor.shown_name),
	)
	notify([owner_of(visitor)], made.doctype, made.name, lambda: _("{0} was given in the customer portal."))
	return day(on)["text"]


def change_contact(visitor: Visitor, wanted: Mapping[str, str | None]) -> str:
	"""Ask for other contact details; return the follow-up's name. Nothing changes by itself.

	Raises BadArgument where nothing is wanted, or the email address is none.
	"""
	_count(visitor)
	said = {name: " ".join((wanted.get(name) or "").split()) for name in _CONTACT}
	if not any(said.values()):
		bad_argument("contact_name", _("Enter what has changed."))
	if said["email"] and not validate_email_address(said["email"]):
		bad_argument("email", filled(_("{0} is not a valid email address."), said["email"]))
	labels = {
		"contact_name": _("Contact person"),
		"email": _("Email Address"),
		"phone": _("Phone"),
		"address": _("Address"),
		"notes": _("Anything else"),
	}
	lines = [f"{labels[name]}: {value}" for name, value in said.items() if value]
	return follow_ups.plan(
		visitor.customer,
		visitor.company,
		subject=_("Customer asks to change its contact details: check with it first"),
		due_date=add_days(nowdate(), ANSWERED_IN),
		responsible=owner_of(visitor),
		source=PORTAL,
		notes=_said_by(visitor, "\n".join(lines)),
	)


def owner_of(visitor: Visitor) -> str:
	"""Return the colleague who answers the customer: collector or owner of the account, else who manages the accounts.

	Only who may read what the customer has sent: Frappe would otherwise share it in the customer's name, which may not share.
	"""
	of_account = (
		follow_ups.collector_of(visitor.customer, visitor.company),
		frappe.db.get_value("Customer", visitor.customer, "account_manager"),
	)
	for user in filter(None, of_account):
		if _may_see(user, visitor):
			return user
	for role in _OWNERS:
		for user in sorted(set(get_users_with_role(role)) - {"Administrator", "Guest"}):
			if _may_see(user, visitor):
				return user
	return "Administrator"


def _may_see(user: str, visitor: Visitor) -> bool:
	return bool(
		frappe.db.get_value("User", user, "enabled")
		and all(frappe.has_permission(doctype, "read", user=user) for doctype in (LEDGER_DISPUTE, FOLLOW_UP))
		and frappe.has_permission("Customer", "read", doc=visitor.customer, user=user)
	)


def _rows(visitor: Visitor, items: Sequence[dict]) -> list[dict]:
	"""Return items that are open. Raises BadArgument for what is none, whoever else's it may be."""
	open_of(visitor, items)
	for row in items:
		if row.get("amount") is not None and row["amount"] <= 0:
			bad_argument("items", _("Enter an amount greater than 0."))
	return [dict(row) for row in items]


def _said_by(visitor: Visitor, text: str) -> str:
	"""Return what somebody wrote as HTML, with who it was."""
	written = "<br>".join(escape_html(line) for line in text.strip().splitlines())
	who = filled(_("In the customer portal, by {0}:"), bold(visitor.shown_name))
	return f"<p>{who}</p><p>{written}</p>"


def _count(visitor: Visitor) -> None:
	limits.count("portal requests", visitor.identity, MOST_REQUESTS, HOUR)
