"""What forms ask about procedures: which apply to a document, and that somebody has read one."""

import frappe
from frappe.utils import cint

from client_ledger.procedures import places
from client_ledger.procedures.reading import confirm
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import PROCEDURE
from client_ledger.site.requirements import Right, requires


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(Right(PROCEDURE))
def shown_on(doctype: str) -> list[dict]:
	"""Return the procedures in force that are shown on forms of a DocType, with steps, places and how the user stands with each."""
	return places.shown_on(doctype)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(Right(PROCEDURE))
def read_and_understood(name: str, version: int) -> str:
	"""Note that the user has read and understood a version, and return when. Raises where a newer one is in force."""
	return str(confirm(name, cint(version)))


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(Right(PROCEDURE))
def watched() -> list[str]:
	"""Return the DocTypes on whose forms procedures are shown."""
	return places.watched()
