"""What a service answered, and what follows: it has the message, it certainly has not, or nobody knows.

All three answer a fault in a body of status 200. A message of which nobody knows whether it arrived is never sent again by itself.
"""

import json
from dataclasses import dataclass
from enum import Enum

from client_ledger.core.group_robots.services import RobotService
from client_ledger.core.marked import marked

# More is no answer of a robot.
MOST_BYTES = 64 * 1024
TOO_MANY_REQUESTS = 429
# What a gateway answers that has heard nothing of the server behind it: that may have the message.
NO_ANSWER_BEHIND = (502, 504)


class DeliveryResult(Enum):
	"""What became of a try."""

	SENT = "Sent"
	TRY_AGAIN = "Try Again"
	REFUSED = "Refused"
	UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class DeliveryAnswer:
	"""The result of a try. why: a text to be translated, empty where it was sent. detail: what the service said.

	wait: seconds to wait at least, where the service says so or is known to want it.
	"""

	result: DeliveryResult
	why: str = ""
	detail: str = ""
	code: str = ""
	wait: int = 0


TOO_FAST = marked("The service takes no more messages for now.")
BUSY = marked("The service is out of order for now.")
BAD_SIGNATURE = marked("The signature is wrong, or the server's clock is. Enter the robot's secret again.")
NO_ROBOT = marked("The service knows no such robot. It was removed, or its address is another by now.")
NO_KEYWORD = marked("The robot takes messages with its keyword only. Enter the keyword.")
NOT_FROM_HERE = marked(
	"The robot takes no messages from this server's address. Allow it in the robot's settings."
)
REFUSED = marked("The service refused the message.")
MOVED = marked("The address leads to another one, which is not followed. Enter the robot's own address.")
TOO_LARGE = marked("The answer was too long. Whether the message arrived is not known.")
NOT_UNDERSTOOD = marked("The answer was not one of a robot. Whether the message arrived is not known.")
NO_ANSWER = marked("The service was reached and did not answer. Whether the message arrived is not known.")
NOT_REACHED = marked("The service could not be reached.")
CUT_OFF = marked("The work ended before the answer. Whether the message arrived is not known.")

_WAIT_A_MINUTE = 65
# Codes that are worth another try, and what is known of the others.
_FAULTS: dict[RobotService, dict[int, tuple[DeliveryResult, str, int]]] = {
	RobotService.WECOM: {
		-1: (DeliveryResult.TRY_AGAIN, BUSY, 0),
		45009: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		45033: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		93000: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		93004: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		93008: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		60020: (DeliveryResult.REFUSED, NOT_FROM_HERE, 0),
	},
	RobotService.DINGTALK: {
		-1: (DeliveryResult.TRY_AGAIN, BUSY, 0),
		130101: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		130102: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		410100: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		90018: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		90030: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		300001: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		400013: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		400101: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		400102: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		400106: (DeliveryResult.REFUSED, NO_ROBOT, 0),
	},
	RobotService.FEISHU: {
		-1: (DeliveryResult.TRY_AGAIN, BUSY, 0),
		11232: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		9499: (DeliveryResult.TRY_AGAIN, TOO_FAST, _WAIT_A_MINUTE),
		19001: (DeliveryResult.REFUSED, NO_ROBOT, 0),
		19021: (DeliveryResult.REFUSED, BAD_SIGNATURE, 0),
		19022: (DeliveryResult.REFUSED, NOT_FROM_HERE, 0),
		19024: (DeliveryResult.REFUSED, NO_KEYWORD, 0),
	},
}
# DingTalk has one code for all that a robot's security settings refuse, and says which in words.
_DINGTALK_SECURITY = 310000
_DINGTALK_WORDS = (
	("sign", BAD_SIGNATURE),
	("timestamp", BAD_SIGNATURE),
	("keyword", NO_KEYWORD),
	("ip", NOT_FROM_HERE),
)


def read_answer(
	service: RobotService, status: int, body: bytes, retry_after: str = "", cut: bool = False
) -> DeliveryAnswer:
	"""Return what an answer means. cut: it was longer than MOST_BYTES. retry_after: the header, seconds."""
	if status == TOO_MANY_REQUESTS:
		wait = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else _WAIT_A_MINUTE
		return DeliveryAnswer(DeliveryResult.TRY_AGAIN, TOO_FAST, code=str(status), wait=min(wait, 3600))
	if 300 <= status < 400:
		return DeliveryAnswer(DeliveryResult.REFUSED, MOVED, code=str(status))
	if status in NO_ANSWER_BEHIND:
		return DeliveryAnswer(DeliveryResult.UNKNOWN, NO_ANSWER, code=str(status))
	if status >= 500:
		return DeliveryAnswer(DeliveryResult.TRY_AGAIN, BUSY, code=str(status))
	if cut:
		return DeliveryAnswer(DeliveryResult.UNKNOWN, TOO_LARGE, code=str(status))
	found = _code_and_text(service, body)
	if found is None:
		if status >= 400:
			return DeliveryAnswer(DeliveryResult.REFUSED, REFUSED, code=str(status))
		return DeliveryAnswer(DeliveryResult.UNKNOWN, NOT_UNDERSTOOD, code=str(status))
	code, text = found
	if code == 0 and status < 300:
		return DeliveryAnswer(DeliveryResult.SENT, code="0")
	result, why, wait = _meaning(service, code, text)
	return DeliveryAnswer(result, why, text[:300], str(code), wait)


def _meaning(service: RobotService, code: int, text: str) -> tuple[DeliveryResult, str, int]:
	if service is RobotService.DINGTALK and code == _DINGTALK_SECURITY:
		said = text.lower()
		why = next((why for word, why in _DINGTALK_WORDS if word in said), REFUSED)
		return DeliveryResult.REFUSED, why, 0
	return _FAULTS[service].get(code, (DeliveryResult.REFUSED, REFUSED, 0))


def _code_and_text(service: RobotService, body: bytes) -> tuple[int, str] | None:
	try:
		found = json.loads(body.decode("utf-8"))
	except (ValueError, RecursionError):
		return None
	if not isinstance(found, dict):
		return None
	# Feishu's older robots answer with StatusCode.
	names = (("code", "msg"), ("StatusCode", "StatusMessage"))
	for code, text in names if service is RobotService.FEISHU else (("errcode", "errmsg"),):
		if isinstance(found.get(code), int) and not isinstance(found[code], bool):
			return found[code], str(found.get(text) or "")
	return None
