"""SMS through the site's SMS Settings."""

import frappe
import requests
from frappe.core.doctype.sms_settings.sms_settings import send_sms

from client_ledger.outbox.channels.timeline import communication_row, insert_communications
from client_ledger.outbox.notice_status import IN_DOUBT, NO_GATEWAY, NOT_DELIVERED, Undeliverable
from client_ledger.outbox.outgoing import Outgoing


def require_gateway() -> None:
	"""Raise Undeliverable where the site has no gateway."""
	if not frappe.db.get_single_value("SMS Settings", "sms_gateway_url"):
		raise Undeliverable(NO_GATEWAY)


def send(outgoing: Outgoing) -> dict:
	"""Send the text to the recipient's mobile number; return the fields of the row. Raises Undeliverable."""
	number, text = outgoing.recipient, outgoing.letter.text
	try:
		send_sms([number], text, success_msg=False)
	except (requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
		# The gateway was reached and did not answer: it may have sent it.
		raise Undeliverable(IN_DOUBT, str(error)) from error
	except requests.RequestException as error:
		raise Undeliverable(NOT_DELIVERED, str(error)) from error
	row = communication_row(outgoing, "SMS", number, text)
	insert_communications([row])
	return {"recipients": number, "communication": row["name"]}
