"""Guest Link: a page of ours that one customer may open without login, until a day or until it is revoked."""

from client_ledger.client_ledger.doctype.ledger_archive.ledger_archive import AppendOnly
from client_ledger.ledger.indexes import Index, make_index


class GuestLink(AppendOnly):
	"""Written by client_ledger.guest_links alone: whoever could change one by hand could lead a customer elsewhere."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Link
		customer: DF.Link
		expires_on: DF.Date
		first_opened: DF.Datetime | None
		last_opened: DF.Datetime | None
		link_key: DF.Data | None
		opened: DF.Int
		purpose: DF.Literal["Balance Confirmation", "Customer Portal"]
		recipient: DF.SmallText | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		revoke_reason: DF.SmallText | None
		revoked: DF.Check
		revoked_by: DF.Link | None
		revoked_on: DF.Datetime | None
	# end: auto-generated types


def on_doctype_update() -> None:
	"""One valid link per subject and recipient, whoever makes it."""
	make_index(Index("cl_guest_link", "Guest Link", ("link_key",), unique=True))
	make_index(Index("cl_guest_link_reference", "Guest Link", ("reference_doctype", "reference_name")))
