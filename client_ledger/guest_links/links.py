"""Guest Links: issued, opened, recorded, revoked. A page asks `opened_by` first and shows nothing but its subject."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime
from frappe.utils.password import get_encryption_key

from client_ledger.guest_links import limits
from client_ledger.guest_links.tokens import make_token, read_token
from client_ledger.site.doctypes import GUEST_LINK, GUEST_LINK_EVENT
from client_ledger.site.rows import bulk_insert

CONFIRMATION, PORTAL = "Balance Confirmation", "Customer Portal"
# The pages, by purpose.
ROUTES = {CONFIRMATION: "balance-confirmation", PORTAL: "customer-ledger"}
# Tokens that are none, from one address within an hour.
MOST_WRONG, HOUR = 20, 3600
# Rows that one link may fill; what it answers is kept by its subject besides.
MOST_EVENTS = 1000
# An address that opens a page again within this time is not noted again.
SAME_VISIT = timedelta(minutes=10)
OPENED = "Opened"
_NAME_LENGTH = 20
_FIELDS = (
	"name",
	"purpose",
	"reference_doctype",
	"reference_name",
	"customer",
	"company",
	"recipient",
	"expires_on",
	"revoked",
)


class LinkRefused(frappe.PermissionError):
	"""A link that opens nothing: made up, altered, of another page, ended or revoked. The text says what to do."""

	http_status_code = 403


@dataclass(frozen=True, slots=True)
class OpenedLink:
	"""A link that is valid today, and what it is for."""

	name: str
	purpose: str
	reference_doctype: str | None
	reference_name: str | None
	customer: str
	company: str
	recipient: str | None
	expires_on: date


def issue(
	purpose: str,
	reference_doctype: str | None,
	reference_name: str | None,
	customer: str,
	company: str,
	expires_on: date,
	recipient: str | None = None,
) -> str:
	"""Return the name of the link for a subject and recipient, valid until the end of *expires_on*.

	One that is valid is used again, and ends no sooner than before. Raises LookupError for a purpose without a page.
	"""
	ROUTES[purpose]
	key = _key(purpose, reference_doctype, reference_name, customer, company, recipient)
	standing = frappe.db.get_value(GUEST_LINK, {"link_key": key}, ["name", "expires_on"], as_dict=True)
	if standing:
		if standing.expires_on < getdate(expires_on):
			frappe.db.set_value(GUEST_LINK, standing.name, "expires_on", expires_on)
		return standing.name
	row = {
		"name": frappe.generate_hash(length=_NAME_LENGTH),
		"purpose": purpose,
		"reference_doctype": reference_doctype,
		"reference_name": reference_name,
		"customer": customer,
		"company": company,
		"recipient": recipient,
		"expires_on": expires_on,
		"link_key": key,
	}
	bulk_insert(GUEST_LINK, [row], ignore_duplicates=True)
	return frappe.db.get_value(GUEST_LINK, {"link_key": key}, "name", for_update=True)


def url(name: str, language: str | None = None) -> str:
	"""Return the address of a link's page. language: what the page begins in, else that of the reader's browser."""
	purpose = frappe.db.get_value(GUEST_LINK, name, "purpose")
	arguments = {"link": make_token(_secret(), purpose, name)} | ({"_lang": language} if language else {})
	return frappe.utils.get_url(f"/{ROUTES[purpose]}?{urlencode(arguments)}")


def opened_by(token: str | None, purpose: str) -> OpenedLink:
	"""Return the link that a request holds. Raises LinkRefused where it opens nothing, TooManyTries who guesses.

	What is made up, altered or of another page is told alike, so that nobody learns which links there are.
	"""
	address = frappe.local.request_ip or ""
	if limits.is_used_up("wrong links", address, MOST_WRONG):
		limits.refuse()
	name = read_token(_secret(), purpose, token) if isinstance(token, str) else None
	row = frappe.db.get_value(GUEST_LINK, name, _FIELDS, as_dict=True) if name else None
	if not row or row.purpose != purpose:
		limits.count("wrong links", address, MOST_WRONG, HOUR)
		_refuse(
			_(
				"This link is not valid. Open it from the message again, whole, or ask the company for a new one."
			)
		)
	if row.revoked:
		_refuse(_("This link was withdrawn by the company. Ask the company for a new one."))
	if row.expires_on < getdate():
		_refuse(_("This link has expired. Ask the company for a new one."))
	row.pop("revoked")
	return OpenedLink(**row)


def note_opening(link: OpenedLink) -> None:
	"""Record that a page was opened, once per visit."""
	now = now_datetime()
	address = frappe.local.request_ip or ""
	if frappe.db.exists(
		GUEST_LINK_EVENT,
		{"link": link.name, "event": OPENED, "ip_address": address, "occurred_on": (">", now - SAME_VISIT)},
	):
		return
	table = frappe.qb.DocType(GUEST_LINK)
	frappe.qb.update(table).set(table.opened, table.opened + 1).set(table.last_opened, now).where(
		table.name == link.name
	).run()
	frappe.qb.update(table).set(table.first_opened, now).where(
		(table.name == link.name) & table.first_opened.isnull()
	).run()
	record(link.name, OPENED)


def record(
	name: str, event: str, detail: str = "", declared_name: str = "", declared_position: str = ""
) -> None:
	"""Keep what was done through a link, as a request that only reads does, too. declared: as the person says of themselves."""
	if frappe.db.count(GUEST_LINK_EVENT, {"link": name}) >= MOST_EVENTS:
		return
	of_link = frappe.db.get_value(GUEST_LINK, name, ["customer", "company"], as_dict=True)
	row = {
		"link": name,
		"customer": of_link.customer,
		"company": of_link.company,
		"event": event,
		"occurred_on": now_datetime(),
		"detail": detail[:1000],
		"declared_name": declared_name[:140],
		"declared_position": declared_position[:140],
		"user": frappe.session.user,
		"ip_address": frappe.local.request_ip or "",
	}
	bulk_insert(GUEST_LINK_EVENT, [row])
	frappe.local.flags.commit = True


def revoke(name: str, reason: str = "") -> None:
	"""End a link at once. One that has been revoked stays as it was."""
	_end({"name": name}, reason)


def revoke_for(reference_doctype: str, reference_name: str, reason: str = "") -> None:
	"""End all links to a document."""
	_end({"reference_doctype": reference_doctype, "reference_name": reference_name}, reason)


def delete_of(filters: dict) -> None:
	"""Delete the links of a customer or company that is deleted, with what was done through them."""
	frappe.db.delete(GUEST_LINK_EVENT, filters)
	frappe.db.delete(GUEST_LINK, filters)


def _end(filters: dict, reason: str) -> None:
	names = frappe.get_all(GUEST_LINK, {**filters, "revoked": 0}, pluck="name", order_by="name")
	for name in names:
		values = {
			"revoked": 1,
			"revoked_on": now_datetime(),
			"revoked_by": frappe.session.user,
			"revoke_reason": reason[:1000],
			"link_key": None,
		}
		frappe.db.set_value(GUEST_LINK, name, values)


def _refuse(text: str) -> None:
	frappe.throw(text, LinkRefused, title=_("Link Not Valid"))


def _key(*parts: str | None) -> str:
	return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def _secret() -> bytes:
	return get_encryption_key().encode()
