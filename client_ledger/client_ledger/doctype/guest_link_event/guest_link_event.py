"""Guest Link Event: what was done through a Guest Link, when, and by whom as they declared."""

from client_ledger.client_ledger.doctype.ledger_archive.ledger_archive import AppendOnly
from client_ledger.ledger.indexes import Index, make_index


class GuestLinkEvent(AppendOnly):
	"""One row per event, never changed."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Link
		customer: DF.Link
		declared_name: DF.Data | None
		declared_position: DF.Data | None
		detail: DF.SmallText | None
		event: DF.Data | None
		ip_address: DF.Data | None
		link: DF.Link
		occurred_on: DF.Datetime | None
		user: DF.Link | None
	# end: auto-generated types


def on_doctype_update() -> None:
	"""The events of a link are read in their order."""
	make_index(Index("cl_guest_link_event", "Guest Link Event", ("link", "occurred_on")))
