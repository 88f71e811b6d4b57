"""Work of dunning in a process that kills itself (SIGKILL, as kill -9) at one stage: python -m ... STAGE MOMENT

while_planning: rows written, not committed. after_planning: rows committed. while_sending: handed over, not
committed. between_batches: the first batch committed. before_smtp: the host is about to connect. in_smtp: the mail
server has the message, and its answer is not noted yet. none: nothing is killed. queue_only: nor does the host send what it queued.
"""

import os
import signal
import sys
from collections.abc import Callable

import frappe


def die(*args: object, **kwargs: object) -> None:
	os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable) -> Callable:
	def wrapped(*args: object, **kwargs: object) -> None:
		function(*args, **kwargs)
		die()

	return wrapped


def arm(stage: str) -> None:
	"""Have this process die at a stage."""
	from frappe.email.doctype.email_queue import email_queue

	from client_ledger.dunning import runs
	from client_ledger.outbox import notice_rows, send
	from client_ledger.outbox.channels import mail

	if stage == "while_planning":
		notice_rows.insert_items = after(notice_rows.insert_items)
	elif stage == "after_planning":
		runs._finish_planning = die
	elif stage == "while_sending":
		mail.Post.write = after(mail.Post.write)
	elif stage == "between_batches":
		send._send_batch = after(send._send_batch)
	elif stage == "before_smtp":
		email_queue.SendMailContext.build_message = die
	elif stage == "in_smtp":
		email_queue.SendMailContext.update_recipient_status_to_sent = die
	elif stage not in ("none", "queue_only"):
		raise SystemExit(f"no stage {stage}")


def main(site: str, stage: str, moment: str) -> None:
	frappe.init(site=site, sites_path=os.environ["SITES_PATH"])
	frappe.connect()
	frappe.set_user("Administrator")
	from frappe.email.queue import flush

	from client_ledger.dunning import runs

	arm(stage)
	runs.work(moment, in_process=True)
	if stage != "queue_only":
		flush()
	frappe.db.commit()
	frappe.destroy()


if __name__ == "__main__":
	main(*sys.argv[1:])
