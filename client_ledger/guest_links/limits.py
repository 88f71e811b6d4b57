"""How often something may be done from outside: counted in Redis, per address or per link."""

import frappe
from frappe import _


class TooManyTries(frappe.RateLimitExceededError):
	"""Something was tried too often for now; the text says when to come back."""

	http_status_code = 429


def count(what: str, identity: str, most: int, seconds: int) -> None:
	"""Count one try of *what* by *identity*. Raises TooManyTries after *most* of them within *seconds*."""
	if _counted(what, identity, seconds) > most:
		refuse()


def is_used_up(what: str, identity: str, most: int) -> bool:
	"""Return whether *most* tries were counted, without counting one."""
	return int(frappe.cache.get(_key(what, identity)) or 0) >= most


def refuse() -> None:
	"""Raise TooManyTries."""
	frappe.throw(
		_("Too many requests in a short time. Wait an hour and try again, or contact the company."),
		TooManyTries,
		title=_("Please Wait"),
	)


def _counted(what: str, identity: str, seconds: int) -> int:
	key = _key(what, identity)
	value = frappe.cache.incrby(key, 1)
	if value == 1:
		frappe.cache.expire(key, seconds)
	return value


def _key(what: str, identity: str) -> bytes:
	return frappe.cache.make_key(f"client_ledger:tries:{what}:{identity}")
