"""A reminder or an acknowledgement that may go out, with what its policy's step does besides."""

from dataclasses import dataclass

from frappe.model.document import Document

from client_ledger.core.dunning.plan import Notice
from client_ledger.dunning.letters.template_values import Charges
from client_ledger.outbox.outgoing import Outgoing
from client_ledger.site.contacts import Customer


@dataclass(frozen=True, kw_only=True)
class DunningMessage(Outgoing):
	"""notice: as planned again from what is open now. step: the policy's row, policy: its document."""

	notice: Notice
	customer: Customer
	charges: Charges
	step: Document
	policy: Document
