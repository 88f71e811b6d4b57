"""Frappe's Email Queue: mails of notices are sent by the outbox's rules, all others as ever."""

from typing import Any

from frappe.email.doctype.email_queue.email_queue import EmailQueue

from client_ledger.outbox import mail_delivery
from client_ledger.site.doctypes import LEDGER_NOTICE


class NoticeMails:
	"""What is added to Frappe's class. Frappe 16 mixes it in beside what other apps add."""

	def send(self, *arguments: Any, **keywords: Any) -> None:
		"""Send the mail to its recipients. force_send: also while mails are muted or the queue is suspended."""
		if self.reference_doctype != LEDGER_NOTICE:
			super().send(*arguments, **keywords)
		elif keywords.get("force_send") or self.can_send_now():
			mail_delivery.deliver(self, super().send)


class LedgerEmailQueue(NoticeMails, EmailQueue):
	"""For Frappe 15, where one app's class takes the place of Frappe's."""
