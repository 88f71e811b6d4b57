"""The reference of a payment: structured (ISO 11649) for one invoice, as a text of such references for several."""

from collections.abc import Sequence
from typing import NamedTuple

from client_ledger.core.receipts.mentions import creditor_reference

# What SEPA carries of an unstructured text.
TEXT_LENGTH = 140
# Not a blank or a hyphen, which may stand within a reference.
_BETWEEN = ", "


class PaymentReference(NamedTuple):
	"""What the payer is to enter. structured: an ISO 11649 reference, "" where there is none; text: what to enter instead."""

	structured: str
	text: str

	@property
	def shown(self) -> str:
		"""The one of the two that is to be entered; a reference in groups of four, as people copy it."""
		return grouped(self.structured) if self.structured else self.text


def payment_reference(numbers: Sequence[str], payer: str) -> PaymentReference:
	"""Return the reference of a payment of the invoices *numbers*; payer: the customer's name, for a payment of too many.

	Raises ValueError where there is no invoice.
	"""
	if not numbers:
		raise ValueError("a payment without invoices has no reference")
	references = [_reference(number) for number in numbers]
	if len(numbers) == 1 and references[0] != numbers[0]:
		return PaymentReference(references[0], "")
	for parts in (references, numbers):
		text = _BETWEEN.join(parts)
		if len(text) <= TEXT_LENGTH:
			return PaymentReference("", text)
	return PaymentReference("", payer[:TEXT_LENGTH])


def grouped(reference: str) -> str:
	"""Return a structured reference or an IBAN in groups of four."""
	compact = "".join(reference.split())
	return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


def _reference(number: str) -> str:
	"""Return the structured reference of a number; the number itself where it is too long or has no letters and digits."""
	try:
		return creditor_reference(number)
	except ValueError:
		return number
