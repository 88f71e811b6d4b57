"""The page /customer-ledger: who looks at which account, and all the words its script needs, in the visitor's language."""

import json

import frappe
from frappe import _
from frappe.sessions import get_csrf_token
from frappe.utils import cint, get_fullname

from client_ledger.guest_links import links
from client_ledger.guest_links.limits import TooManyTries
from client_ledger.portal.access import Visitor, accounts_of, admit
from client_ledger.portal.texts import texts

ROUTE = "customer-ledger"
LANGUAGES = (("en", "English"), ("zh", "中文"))


def fill_context(context: frappe._dict) -> None:
	"""Fill in the page, or why there is none. Raises frappe.Redirect to the login for who has neither session nor link."""
	given = frappe.form_dict
	token = given.get("link")
	if not token and frappe.session.user == "Guest":
		frappe.local.flags.redirect_location = f"/login?redirect-to=/{ROUTE}"
		raise frappe.Redirect
	context.no_cache = 1
	context.title = _("Customer Ledger")
	context.language = "zh" if (frappe.local.lang or "").startswith("zh") else (frappe.local.lang or "en")
	context.languages = LANGUAGES
	context.texts = texts()
	try:
		visitor = admit(given.get("customer"), given.get("company"), token)
	except (frappe.PermissionError, TooManyTries) as error:
		_refuse(context, error)
		return
	_welcome(context, visitor, token)


def _refuse(context: frappe._dict, error: Exception) -> None:
	frappe.clear_messages()
	context.http_status_code = cint(getattr(error, "http_status_code", 403))
	context.refused = str(error)
	context.state = None


def _welcome(context: frappe._dict, visitor: Visitor, token: str | None) -> None:
	if visitor.link:
		links.note_opening(visitor.link)
	context.refused = None
	context.http_status_code = 200
	context.company = visitor.company
	context.accounts = [] if visitor.link else accounts_of(frappe.session.user)
	state = {
		"customer": visitor.customer,
		"company": visitor.company,
		"link": token or None,
		"may_act": visitor.may_act,
		"language": frappe.local.lang,
		"csrf_token": get_csrf_token() if visitor.may_act else None,
		"user": get_fullname(frappe.session.user) if visitor.may_act else None,
		"expires_on": str(visitor.link.expires_on) if visitor.link else None,
		"texts": context.texts,
	}
	context.state = state
	# Within a script element: nothing in it may end that.
	context.state_json = json.dumps(state).replace("<", "\\u003c").replace("&", "\\u0026")
