"""Robots as they are set up: read with their secrets, which go nowhere but into a request."""

import time
from dataclasses import dataclass, field

import frappe
from frappe import _

from client_ledger.core.group_robots.messages import RobotMessage, body_of
from client_ledger.core.group_robots.services import BadAddress, RobotService, checked_address
from client_ledger.core.group_robots.signing import RobotRequest, signed, without_secrets
from client_ledger.site.doctypes import GROUP_ROBOT
from client_ledger.site.messages import filled


@dataclass(frozen=True, slots=True)
class Robot:
	"""A robot that can be called. Its address holds its key."""

	name: str
	service: RobotService
	keyword: str = ""
	address: str = field(default="", repr=False)
	secret: str = field(default="", repr=False)

	def request(self, message: RobotMessage) -> RobotRequest:
		"""Return the request of a message, signed now. Raises BadAddress."""
		checked_address(self.service, self.address, allowed_hosts())
		return signed(
			self.service, self.address, body_of(self.service, message, self.keyword), self.secret, time.time()
		)

	def scrubbed(self, text: str) -> str:
		"""Return a text of the service or of a library without the robot's secrets."""
		return without_secrets(text, self.address, self.address.split("?")[-1], self.secret)


def read_robot(name: str) -> Robot:
	"""Return a robot with its secrets."""
	doc = frappe.get_doc(GROUP_ROBOT, name)
	return Robot(
		name,
		RobotService(doc.service),
		doc.keyword or "",
		doc.get_password("address", raise_exception=False) or "",
		doc.get_password("secret", raise_exception=False) or "",
	)


def allowed_hosts() -> list[str]:
	"""Return the hosts that the site's configuration allows besides the services' own."""
	found = frappe.conf.get("client_ledger_robot_hosts") or []
	return [found] if isinstance(found, str) else [str(one) for one in found]


def in_words(error: BadAddress) -> str:
	"""Return what is wrong with an address, in the user's language."""
	return filled(_(error.text), error.value)
