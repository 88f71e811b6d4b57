"""Signed requests, as each service documents them. All times are seconds since 1970, as a float.

DingTalk: timestamp in milliseconds and sign in the address; sign = base64(HMAC-SHA256(key=secret, "timestamp\\nsecret")).
Feishu: timestamp in seconds and sign in the body; sign = base64(HMAC-SHA256(key="timestamp\\nsecret", "")).
WeCom: the key in the address is all there is.
"""

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

from client_ledger.core.group_robots.services import RobotService


@dataclass(frozen=True, slots=True)
class RobotRequest:
	"""A request to post. Its address and body hold secrets: neither is ever shown."""

	address: str = field(repr=False)
	body: bytes = field(repr=False)


def signed(
	service: RobotService, address: str, body: dict[str, Any], secret: str, now: float
) -> RobotRequest:
	"""Return the request of a message's JSON; without a secret it is not signed."""
	if secret and service is RobotService.DINGTALK:
		timestamp = str(round(now * 1000))
		query = urlencode({"timestamp": timestamp, "sign": dingtalk_sign(timestamp, secret)})
		address = f"{address}{'&' if '?' in address else '?'}{query}"
	elif secret and service is RobotService.FEISHU:
		timestamp = str(int(now))
		body = {"timestamp": timestamp, "sign": feishu_sign(timestamp, secret), **body}
	return RobotRequest(address, json.dumps(body, ensure_ascii=False).encode())


def dingtalk_sign(timestamp: str, secret: str) -> str:
	"""Return DingTalk's signature, base64; the address takes it URL-encoded. timestamp: milliseconds."""
	return _base64_hmac(secret, f"{timestamp}\n{secret}")


def feishu_sign(timestamp: str, secret: str) -> str:
	"""Return Feishu's signature, base64. timestamp: seconds."""
	return _base64_hmac(f"{timestamp}\n{secret}", "")


def _base64_hmac(key: str, message: str) -> str:
	return b64encode(hmac.new(key.encode(), message.encode(), sha256).digest()).decode()


def without_secrets(text: str, *secrets: str) -> str:
	"""Return a text of a service or a library without what must not be stored or logged."""
	for secret in sorted(filter(None, secrets), key=len, reverse=True):
		for form in (secret, quote_plus(secret)):
			text = text.replace(form, "***")
	return text
