"""Payment QR codes: the one of the European Payments Council here, those of other countries by the hook client_ledger_payment_qr.

A function of the hook is called with (payment, bank), a JointPayment and BankDetails, and returns None where it is not the one to make
the code, else {"text": what the code holds, "hint": what to do with it}. Those of other apps are asked before our own.
"""

from base64 import b64encode
from io import BytesIO

import frappe
import pyqrcode

from client_ledger.core.portal.epc import epc_text, is_iban
from client_ledger.core.portal.payment import JointPayment
from client_ledger.core.statements.parts import BankDetails

HOOK = "client_ledger_payment_qr"
EURO = "EUR"


def code_of(payment: JointPayment, bank: BankDetails) -> dict[str, str | None] | None:
	"""Return the code of a payment as {image, hint}, image being an address that holds it; None where there is none."""
	for path in reversed(frappe.get_hooks(HOOK)):
		if found := frappe.get_attr(path)(payment, bank):
			return {"image": image_of(found["text"]), "hint": found.get("hint")}
	return None


def epc(payment: JointPayment, bank: BankDetails) -> dict[str, str] | None:
	"""Return the code of a SEPA transfer, None for another currency, without an IBAN, or where a transfer cannot hold it."""
	if payment.currency != EURO or not is_iban(bank.iban):
		return None
	reference = payment.reference
	try:
		text = epc_text(
			bank.holder,
			bank.iban,
			payment.total,
			bic=bank.swift,
			structured=reference.structured,
			text="" if reference.structured else reference.text,
		)
	except ValueError:
		return None
	return {"text": text}


def image_of(text: str) -> str:
	"""Return a code as the address of an image (SVG), of the error correction that the guideline asks for."""
	file = BytesIO()
	pyqrcode.create(text.encode(), error="M", mode="binary").svg(
		file, scale=4, quiet_zone=4, background="#ffffff", xmldecl=False
	)
	return "data:image/svg+xml;base64," + b64encode(file.getvalue()).decode()
