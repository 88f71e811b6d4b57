"""The signature in a link: who does not hold the site's key can neither make one nor turn one into another."""

import base64
import hashlib
import hmac
import re

_BYTES = 24
_TOKEN = re.compile(r"([A-Za-z0-9]{8,40})-([A-Za-z0-9_-]{32})")


def make_token(key: bytes, purpose: str, name: str) -> str:
	"""Return the token of the link *name*: the name and its signature. *key*: the site's secret."""
	return f"{name}-{_signature(key, purpose, name)}"


def read_token(key: bytes, purpose: str, token: str) -> str | None:
	"""Return the name of the link that a token is of; None where it was altered, made up or is for another purpose."""
	found = _TOKEN.fullmatch(token)
	if not found:
		return None
	name, signature = found.groups()
	return name if hmac.compare_digest(signature, _signature(key, purpose, name)) else None


def _signature(key: bytes, purpose: str, name: str) -> str:
	digest = hmac.new(key, f"client_ledger guest link|{purpose}|{name}".encode(), hashlib.sha256).digest()
	return base64.urlsafe_b64encode(digest[:_BYTES]).decode()
