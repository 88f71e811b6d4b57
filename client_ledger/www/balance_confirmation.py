"""The page that a customer answers a balance confirmation on, opened by the link of the letter, without login."""

import json
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import now_datetime

from client_ledger.confirmations import page
from client_ledger.confirmations.confirmation_rows import update
from client_ledger.confirmations.guest_api import KINDS
from client_ledger.confirmations.uploads import LIMITS
from client_ledger.files.read import MEGABYTE
from client_ledger.guest_links import limits, links
from client_ledger.guest_links.links import LinkRefused, OpenedLink

no_cache = 1
sitemap = 0
MOST_OPENINGS, HOUR = 120, 3600


def get_context(context: Any) -> None:
	"""Fill the page of the link in the request, or say in words why it does not open."""
	context.no_cache, context.sitemap = 1, 0
	token = frappe.form_dict.get("link")
	opened, refused, code = _open(token)
	name = opened.reference_name if opened else None
	language = page.language_of_page(page.read(name).language if name else None)
	frappe.local.lang = language
	if not opened:
		# Said anew: the language is known only now.
		_opened, refused, code = _open(token)
		context.http_status_code = code
	context.update(
		{
			"lang": language,
			"languages": [
				(code_, title, f"?{urlencode({'link': token or '', '_lang': code_})}")
				for code_, title in page.LANGUAGES.items()
			],
			"title": _("Confirmation of Balance"),
			"refused": refused,
			"confirmation": None,
		}
	)
	if not opened:
		return
	shown = page.context(name)
	links.note_opening(opened)
	update(name, {"opened_on": now_datetime()})
	context.update({"confirmation": shown, "data": _data(token, shown, language)})


def _open(token: str | None) -> tuple[OpenedLink | None, str, int]:
	try:
		opened = links.opened_by(token, links.CONFIRMATION)
		limits.count("confirmation openings", opened.name, MOST_OPENINGS, HOUR)
		return opened, "", 200
	except (LinkRefused, limits.TooManyTries) as error:
		frappe.clear_last_message()
		return None, str(error), error.http_status_code


def _data(token: str, shown: dict[str, Any], language: str) -> str:
	"""Return what the page's script needs, as JSON that is safe within a script element."""
	session = frappe.local.session
	texts = {
		"sending": _("Sending …"),
		"sent": _("Thank you. Your reply has been received."),
		"failed": _(
			"Your reply could not be sent. Check your connection and try again; nothing you entered is lost."
		),
		"too_large": _("The file is larger than {0} MB. Upload a shorter period.").format(
			LIMITS.size // MEGABYTE
		),
		"no_file": _("Choose a file: your ledger as .xlsx or .csv."),
		"no_name": _("Enter your name, so that it is known who answers."),
		"not_counted": _("Not Counted"),
		"remove": _("Remove"),
	}
	data = {
		"link": token,
		"lang": language,
		"method": "/api/method/client_ledger.confirmations.guest_api.",
		"csrf": session.data.get("csrf_token")
		if session and session.user != "Guest" and session.data
		else "",
		"most_size": LIMITS.size,
		"kinds": [[kind, _(kind)] for kind in KINDS],
		"standing": shown["standing"],
		"texts": texts,
	}
	return json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
