"""Group Robot: a robot in a chat group of WeCom, DingTalk or Feishu that says what early warnings there are."""

import frappe
from frappe import _

from client_ledger.core.group_robots.services import BadAddress, RobotService, checked_address
from client_ledger.group_robots.robots import allowed_hosts, in_words
from client_ledger.site.doctypes import ROBOT_DELIVERY
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class GroupRobot(LedgerDocument):
	"""Address and secret are stored encrypted; what it was sent stands in Robot Delivery."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		address: DF.Password
		enabled: DF.Check
		for_company: DF.Link | None
		host: DF.Data | None
		keyword: DF.Data | None
		language: DF.Link | None
		last_problem: DF.SmallText | None
		last_sent_on: DF.Datetime | None
		minimum_severity: DF.Literal["Low", "Medium", "High"]
		secret: DF.Password | None
		sends: DF.Literal["Each New Warning", "Daily Digest", "Weekly Digest"]
		service: DF.Literal["WeCom", "DingTalk", "Feishu"]
		title: DF.Data
		weekday: DF.Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
		with_amounts: DF.Check
	# end: auto-generated types

	restores_owned = True

	def validate(self) -> None:
		"""Check the address: https, and the service's own host."""
		try:
			parts = checked_address(RobotService(self.service), self._typed("address"), allowed_hosts())
		except BadAddress as error:
			frappe.throw(in_words(error), title=_("Webhook Address"))
		self.host = parts.hostname
		if self.service == RobotService.WECOM.value:
			self.secret, self.keyword = None, None
		self.keyword = (self.keyword or "").strip() or None
		if before := self.get_doc_before_save():
			self.last_sent_on, self.last_problem = before.last_sent_on, before.last_problem

	def on_trash(self) -> None:
		"""Take what was sent with it: it is of no use without its robot."""
		if frappe.db.exists(ROBOT_DELIVERY, {"robot": self.name, "status": "Sending"}):
			frappe.throw(filled(_("A message to {0} is being sent. Try again in a minute."), self.name))
		frappe.db.delete(ROBOT_DELIVERY, {"robot": self.name})

	def _typed(self, field: str) -> str:
		"""Return a password as it was entered, or as it is stored where it was not."""
		value = self.get(field) or ""
		if value and not self.is_dummy_password(value):
			return value
		return self.get_password(field, raise_exception=False) or ""
