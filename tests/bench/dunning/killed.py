"""Work of dunning in a process that kills itself (SIGKILL, as kill -9) at one stage.

statements_written: those of a statement run, not committed. some_statements: the first of them committed.
while_planning: rows written, not committed. after_planning: rows committed. while_sending: handed over, not
committed. between_batches: the first batch committed. Of a mail of the queue: claimed: before anything else.
before_smtp: Frappe is about to connect. decided: it may go out. data_noted: that it leaves is committed, nothing has left.
in_smtp: the mail server has the message, and its answer is not noted yet. arrived: Frappe has noted it. noted: so has
the notice. withdrawn: the notice was taken back. none: nothing is killed. queue_only: nor does Frappe send what it queued.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress

import frappe

from tests.bench.dunning.smtp import Brake


def die(*args: object, **kwargs: object) -> None:
	os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable) -> Callable:
	def wrapped(*args: object, **kwargs: object) -> None:
		function(*args, **kwargs)
		die()

	return wrapped


def instead(function: Callable) -> Callable:
	return die


DELIVERY = {
	"claimed": ("_claim", after),
	"decided": ("_decide", after),
	"data_noted": ("_admit", after),
	"arrived": ("_note", instead),
	"noted": ("_note", after),
}


def arm(stage: str) -> None:
	"""Have this process die at a stage."""
	from frappe.email.doctype.email_queue import email_queue

	from client_ledger.dunning import runs
	from client_ledger.outbox import mail_delivery, notice_rows, send
	from client_ledger.outbox.channels import mail
	from client_ledger.statement_runs import planning

	if stage == "statements_written":
		notice_rows.insert = after(notice_rows.insert)
	elif stage == "some_statements":
		planning._write = after(planning._write)
	elif stage == "while_planning":
		notice_rows.insert_items = after(notice_rows.insert_items)
	elif stage == "after_planning":
		runs._finish_planning = die
	elif stage == "while_sending":
		mail.Post.write = after(mail.Post.write)
	elif stage == "between_batches":
		send._send_batch = after(send._send_batch)
	elif stage in DELIVERY:
		name, how = DELIVERY[stage]
		setattr(mail_delivery.MailDelivery, name, how(getattr(mail_delivery.MailDelivery, name)))
	elif stage == "withdrawn":
		mail_delivery.MailDelivery._end = die
	elif stage == "before_smtp":
		email_queue.SendMailContext.build_message = die
	elif stage == "in_smtp":
		email_queue.SendMailContext.update_recipient_status_to_sent = die
	elif stage not in ("none", "queue_only"):
		raise SystemExit(f"no stage {stage}")


def start(site: str, stage: str, moment: str = "") -> multiprocessing.Process:
	"""Work an hour in a process of its own, forked off because starting one anew takes seconds; no moment: only send."""
	process = multiprocessing.get_context("fork").Process(target=_work, args=(site, stage, moment))
	process.start()
	return process


def _work(site: str, stage: str, moment: str) -> None:
	# The parent's connection is kept here, unused, for closing it would end it over there too.
	parents = frappe.local.db
	if hasattr(frappe, "in_test"):
		frappe.in_test = False
	frappe.init(site=site, sites_path=os.environ["SITES_PATH"], force=True)
	frappe.connect()
	assert frappe.local.db is not parents
	frappe.set_user("Administrator")
	from frappe.email.queue import flush, retry_sending_emails

	from client_ledger.dunning import runs
	from client_ledger.statement_runs import runs as statement_runs

	arm(stage)
	if moment:
		statement_runs.work(moment, in_process=True)
		runs.work(moment, in_process=True)
	if stage != "queue_only":
		# As Frappe's scheduler does, every few minutes.
		retry_sending_emails()
		with suppress(Brake):
			flush()
	frappe.db.commit()
	frappe.db.close()
	os._exit(0)
