"""Dunning Policy Text: the text of a step in a language; step 0 is the thanks."""

from client_ledger.site.documents import LedgerDocument


class DunningPolicyText(LedgerDocument):
	"""Which Email Template a step uses for customers of a language."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		email_template: DF.Link
		language: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		step: DF.Int
	# end: auto-generated types
