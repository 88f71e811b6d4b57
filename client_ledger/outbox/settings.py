"""How the site wants messages to be sent. The fields are kept in Dunning Settings."""

import frappe
from frappe.utils import cint

from client_ledger.site.doctypes import DUNNING_SETTINGS


def messages_per_commit() -> int:
	"""Return how many messages are handed over in one transaction, at least one."""
	return max(_value("messages_per_commit"), 1)


def messages_per_job() -> int:
	"""Return how many messages a job sends, at least one."""
	return max(_value("customers_per_job"), 1)


def most_attempts() -> int:
	"""Return after how many failures a message is not tried again automatically."""
	return _value("most_attempts")


def doubt_minutes() -> int:
	"""Return after how many minutes without an answer it counts as unknown whether a message arrived."""
	return _value("doubt_minutes")


def _value(field: str) -> int:
	return cint(frappe.db.get_single_value(DUNNING_SETTINGS, field))
