"""Several things that somebody does at once: each stored by itself, and for each one told whether it was done, else why not."""

from collections.abc import Callable, Iterable
from html import unescape
from typing import NamedTuple, TypeVar

import frappe
from frappe import _
from frappe.utils import strip_html_tags

from client_ledger.site.jobs import LOCKS, TITLE_LENGTH

Item = TypeVar("Item")
# More would keep a browser waiting.
MOST_AT_ONCE = 100
_SAVEPOINT = "one_by_one"


class Tried(NamedTuple):
	"""What became of one: what the work returned, or None and the reason in plain words."""

	result: object
	reason: str


def try_each(
	items: Iterable[Item], work: Callable[[Item], object], doctype: str, name: Callable[[Item], str] = str
) -> list[tuple[Item, Tried]]:
	"""Do *work* for each of *items*, each committed by itself; one that is refused stops no other.

	name: of what an item is about, a document of *doctype*, for the Error Log where that is nobody's refusal.
	"""
	return [(item, _try(item, work, doctype, name(item))) for item in items]


def _try(item: Item, work: Callable[[Item], object], doctype: str, name: str) -> Tried:
	said = len(frappe.local.message_log)
	frappe.db.savepoint(_SAVEPOINT)
	try:
		result = work(item)
		frappe.db.commit()  # nosemgrep: what becomes of the next one does not undo it
		return Tried(result, "")
	except Exception as error:
		# A lock that was lost has taken the whole transaction with it: nothing but this one.
		frappe.db.rollback(save_point=None if isinstance(error, LOCKS) else _SAVEPOINT)
		del frappe.local.message_log[said:]
		return Tried(None, why(error, doctype, name))


def why(error: Exception, doctype: str, name: str) -> str:
	"""Return in plain words why something was refused; what is nobody's refusal is logged with its document."""
	if isinstance(error, LOCKS):
		return _("Another user is working on it. Try again.")
	if isinstance(error, frappe.DoesNotExistError):
		return _("It does not exist.")
	text = " ".join(unescape(strip_html_tags(str(error).replace("<", " <"))).split())
	if isinstance(error, frappe.PermissionError):
		return text or _("Not permitted")
	if isinstance(error, frappe.ValidationError) and text:
		return text
	frappe.log_error(title=f"{name}: not done"[:TITLE_LENGTH], reference_doctype=doctype, reference_name=name)
	return _("An unexpected error occurred. It is in the Error Log.")
