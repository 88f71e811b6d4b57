"""Note of mails that were being sent when the site was updated that they may have arrived: the field for it is new."""

import frappe

from client_ledger.site.doctypes import LEDGER_NOTICE


def execute() -> None:
	"""Set Transmitted On where the Email Queue is in the middle of a notice's mail."""
	notice, queue = frappe.qb.DocType(LEDGER_NOTICE), frappe.qb.DocType("Email Queue")
	rows = (
		frappe.qb.from_(notice)
		.join(queue)
		.on(queue.name == notice.email_queue)
		.select(notice.name, notice.sending_on)
		.where((notice.status == "Sending") & (queue.status == "Sending") & notice.data_on.isnull())
	).run()
	for name, sending_on in rows:
		frappe.db.set_value(LEDGER_NOTICE, name, "data_on", sending_on, update_modified=False)
