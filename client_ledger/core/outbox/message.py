"""What any message has: whom it goes to, how it gets there, and why it may not go out."""

from enum import Enum
from typing import NamedTuple


class Party(NamedTuple):
	"""Who gets one message: a customer of a company, in one currency."""

	customer: str
	company: str
	currency: str


class Channel(str, Enum):
	"""How a message reaches the customer."""

	EMAIL = "Email"
	SMS = "SMS"
	LETTER = "Letter"
	CALL = "Call"
	VISIT = "Visit"
	HAND_OVER = "Referral"


# Channels that a person works on; the others send without anybody.
MANUAL = (Channel.CALL, Channel.VISIT, Channel.HAND_OVER)


class WithholdReason(str, Enum):
	"""Why a message of any kind is not sent, or not sent yet. A kind may have reasons of its own besides."""

	DISABLED = "Customer Disabled"
	OPTED_OUT = "Opted Out"
	NO_ADDRESS = "No Address"
	HOLIDAY = "Holiday"
	OUTSIDE_HOURS = "Outside Contact Hours"
	BUDGET = "Contact Limit"
	TOO_SOON = "Too Soon After Last Notice"
	SUPERSEDED = "Superseded"
	REJECTED = "Rejected"
