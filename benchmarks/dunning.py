"""Dunning at size: planning all customers, planning again, filling the Email Queue, one and two workers.

python -m benchmarks.dunning --site NAME            all cases, each in a process of its own
python -m benchmarks.dunning --site NAME --case C   one case, its figures as one line of JSON

The site is one that benchmarks.generate has filled. Mails are made and queued, and never sent. Seconds are processor
seconds; those of the workers are the wall's. Afterwards the site is as it was before.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.measure import processor_clock
from benchmarks.site import connected, default_bench

POLICY = "Benchmark Policy"
ACCOUNT = "Benchmark Outgoing"
KILOBYTES_PER_MEGABYTE = 1024
QUEUED = 5000
DUNNINGS = 5000
# Days before today as of which the queue is filled, until it holds so many.
WAVES = (75, 50, 25, 0)
CHANGED = 100
# What the cases fill; the site has none of it before.
FILLED = (
	"Ledger Notice",
	"Ledger Notice Item",
	"Dunning Run",
	"Email Queue",
	"Email Queue Recipient",
	"Communication",
	"Communication Link",
	"Dunning",
	"Overdue Payment",
)


@click.command(help=__doc__)
@click.option("--site", required=True)
@click.option("--bench", default=default_bench, show_default="~/frappe-bench")
@click.option("--case", "name", help="Only this one.")
def main(site: str, bench: str, name: str | None) -> None:
	"""Run the cases, or one of them."""
	if name:
		with connected(bench, site):
			click.echo(json.dumps({**CASES, **AROUND}[name](), default=str))
		return
	before = in_own_process(site, bench, "remember")
	try:
		found = {case: in_own_process(site, bench, case) for case in CASES}
	finally:
		in_own_process(site, bench, "restore", json.dumps(before))
	report(found)


def in_own_process(site: str, bench: str, case: str, given: str | None = None) -> dict:
	"""Run a case in a process of its own, so that its memory is its own. given: what it reads."""
	command = [sys.executable, "-W", "ignore", "-m", "benchmarks.dunning", "--site", site, "--bench", bench]
	done = subprocess.run(
		[*command, "--case", case], capture_output=True, text=True, check=False, input=given
	)
	if done.returncode:
		sys.exit(f"{case} failed:\n{done.stderr[-3000:]}")
	return json.loads(done.stdout.strip().splitlines()[-1])


def report(found: dict[str, dict]) -> None:
	"""Print the figures beside their goals."""
	plan, again = found["plan"], found["again"]
	queue, dunnings = found["queue"], found["dunnings"]
	ratio = dunnings["seconds_each"] / queue["seconds_each"]
	rows = [
		(
			f"plan {plan['customers']} customers, {plan['planned']} notices",
			f"{plan['seconds']:.1f} s",
			"20 s",
		),
		("  memory of the process", f"{plan['megabytes']:.0f} MB", "300 MB"),
		(f"again the same day, {again['customers']} customers changed", f"{again['seconds']:.2f} s", "3 s"),
		(
			f"{queue['queued']} notices to the Email Queue, as of {queue['waves']} days",
			f"{queue['seconds']:.1f} s, {1000 * queue['seconds_each']:.1f} ms each",
			"",
		),
		(
			f"{dunnings['made']} Dunnings by ERPNext, one by one",
			f"{dunnings['seconds']:.1f} s, {1000 * dunnings['seconds_each']:.1f} ms each",
			"",
		),
		("  times faster", f"{ratio:.1f}", "5"),
		("plan with one worker", f"{found['one_worker']['seconds']:.1f} s", ""),
		("plan with two workers", f"{found['two_workers']['seconds']:.1f} s", ""),
	]
	for what, measured, goal in rows:
		click.echo(f"{what:<60}{measured:>28}   {goal}")


def _set_up() -> None:
	"""Give every customer an address and the site a policy; forget earlier notices."""
	import frappe

	for doctype in FILLED:
		frappe.db.truncate(doctype)
	frappe.db.sql("update `tabCustomer` set email_id = concat(md5(name), '@debtor.example')")
	if not frappe.db.exists("Email Account", ACCOUNT):
		account = frappe.new_doc("Email Account")
		account.update(
			{
				"email_account_name": ACCOUNT,
				"email_id": "accounts@lantern.example",
				"enable_outgoing": 1,
				"default_outgoing": 1,
				"smtp_server": "127.0.0.1",
				"smtp_port": 2525,
				"no_smtp_authentication": 1,
			}
		)
		account.flags.ignore_validate = True
		account.insert()
	if not frappe.db.exists("Dunning Policy", POLICY):
		policy = frappe.new_doc("Dunning Policy")
		policy.update(
			{
				"title": POLICY,
				"mode": "Automatic",
				"is_default": 1,
				"opens": "00:00:00",
				"closes": "00:00:00",
				"skip_weekends": 0,
				"budget_contacts": 0,
			}
		)
		frappe.db.set_value("Dunning Policy", {"name": ("!=", POLICY)}, "is_default", 0)
		steps = ((-30, "Before the Due Date"), (1, "Reminder"), (14, "Second Reminder"))
		for number, (days, letter) in enumerate(steps, 1):
			policy.append(
				"steps",
				{
					"step_name": letter,
					"channel": "Email",
					"days": days,
					"wait_days": 7 if number > 1 else 0,
					"email_template": f"Client Ledger: {letter} (en)",
				},
			)
		policy.insert()
	frappe.db.set_value("Dunning Policy", POLICY, "mode", "Automatic")
	frappe.clear_cache()
	frappe.db.commit()


def _company() -> str:
	import frappe

	table = frappe.qb.DocType("Payment Ledger Entry")
	from frappe.query_builder.functions import Count

	rows = frappe.qb.from_(table).select(table.company, Count("*")).groupby(table.company).run()
	return max(rows, key=lambda row: row[1])[0]


def _timed(work: Callable[[], object]) -> tuple[float, object]:
	"""Return processor seconds, of this process and the database thread that serves it; the machine may be busy."""
	started = processor_clock()
	result = work()
	return processor_clock() - started, result


def _megabytes() -> float:
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE


def plan() -> dict:
	"""Plan all customers, in one process."""
	import frappe
	from frappe.utils import getdate

	from client_ledger.dunning import runs

	_set_up()
	company = _company()
	seconds, run = _timed(lambda: runs.plan_company(company, getdate(), in_process=True))
	row = frappe.db.get_value("Dunning Run", run, ["customers", "planned", "skipped"], as_dict=True)
	return {"seconds": seconds, "megabytes": _megabytes(), **row}


def again() -> dict:
	"""Plan again on the same day, after a hundred customers changed."""
	import frappe
	from frappe.utils import add_to_date, now_datetime

	from client_ledger.dunning import runs

	company = _company()
	run = frappe.get_doc("Dunning Run", {"company": company, "origin": "Schedule"})
	# The history's rows bear times of another clock; what changes now is later than all of them.
	later = add_to_date(now_datetime(), days=2)
	frappe.db.set_value("Dunning Run", run.name, "planned_on", later)
	names = frappe.get_all("Customer", pluck="name", order_by="name", limit=CHANGED)
	for name in names:
		frappe.db.set_value(
			"Customer", name, "modified", add_to_date(later, seconds=1), update_modified=False
		)
	frappe.db.commit()
	run.reload()
	seconds, changed = _timed(lambda: runs.replan_changed(run))
	return {"seconds": seconds, "customers": len(changed), "megabytes": _megabytes()}


def queue() -> dict:
	"""Send QUEUED notices into the Email Queue: what was due on some days of the history, one after the other.

	Planning is not timed. What went out on a day has arrived before the next.
	"""
	import frappe
	from frappe.utils import add_days, getdate, now_datetime

	from client_ledger.dunning import runs
	from client_ledger.outbox import delivery, send

	_set_up()
	company, seconds, done, failed, waves = _company(), 0.0, 0, 0, 0
	for days in WAVES:
		if done >= QUEUED:
			break
		now = add_days(now_datetime(), -days)
		runs.plan_company(company, getdate(now), in_process=True)
		names = send.due_names(now, company, QUEUED - done)
		more, outcome = _timed(lambda names=names, now=now: send.send(names, now))
		for name in outcome.handed_over:
			delivery.mark_sent(name, now)
		frappe.db.commit()
		seconds, waves = seconds + more, waves + 1
		done, failed = done + len(outcome.handed_over), failed + len(outcome.failed)
	in_queue = frappe.db.count("Email Queue")
	if in_queue != done:
		raise SystemExit(f"{done} notices were handed over, {in_queue} mails are in the queue")
	return {
		"seconds": seconds,
		"queued": done,
		"waves": waves,
		"failed": failed,
		"seconds_each": seconds / max(done, 1),
		"megabytes": _megabytes(),
	}


def dunnings() -> dict:
	"""Make and submit ERPNext's Dunning for so many overdue invoices, one by one, by its own function."""
	import frappe
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import create_dunning
	from frappe.utils import getdate

	names = frappe.get_all(
		"Sales Invoice",
		{"docstatus": 1, "outstanding_amount": (">", 0), "due_date": ("<", getdate()), "company": _company()},
		pluck="name",
		order_by="name",
		limit=DUNNINGS,
	)

	def make() -> int:
		for name in names:
			create_dunning(name).insert().submit()
			frappe.db.commit()
		return len(names)

	seconds, made = _timed(make)
	return {"seconds": seconds, "made": made, "seconds_each": seconds / max(made, 1)}


def _with_workers(number: int) -> dict:
	"""Plan all customers over RQ workers of the bench."""
	import frappe
	from frappe.utils import getdate

	from client_ledger.dunning import runs

	_set_up()
	company = _company()
	run = runs._new_run(company, getdate())
	runs.start(run)
	command = [sys.executable, "-W", "ignore", "-m", "frappe.utils.bench_helper", "frappe", "worker"]
	command += ["--queue", "long", "--burst", "--quiet"]
	started = time.perf_counter()
	log = Path("benchmark-workers.log").open("w")
	workers = [subprocess.Popen(command, stdout=log, stderr=log) for _worker in range(number)]
	while True:
		frappe.db.rollback()
		if frappe.db.get_value("Dunning Run", run.name, "status") != "Planning":
			break
		if all(worker.poll() is not None for worker in workers):
			raise SystemExit("the workers ended and left ranges unplanned")
		time.sleep(0.2)
	seconds = time.perf_counter() - started
	for worker in workers:
		worker.wait()
	return {"seconds": seconds, "workers": number}


def remember() -> dict:
	"""Return what the cases change of what is there."""
	import frappe

	filled = [doctype for doctype in FILLED if frappe.db.count(doctype)]
	if filled:
		raise SystemExit(f"the site has rows in {', '.join(filled)}, which would be deleted")
	return {
		"customers": frappe.get_all("Customer", fields=["name", "email_id", "modified"], as_list=True),
		"accounts": frappe.get_all(
			"Client Account", fields=["name", "dunning_level", "last_dunned_on"], as_list=True
		),
		"default": frappe.get_all("Dunning Policy", {"is_default": 1}, pluck="name"),
	}


def restore() -> dict:
	"""Put back what was remembered, and delete what the cases made."""
	import frappe

	before = json.load(sys.stdin)
	for doctype in FILLED:
		frappe.db.truncate(doctype)
	frappe.delete_doc_if_exists("Dunning Policy", POLICY, force=True)
	frappe.delete_doc_if_exists("Email Account", ACCOUNT, force=True)
	frappe.db.delete("Deleted Document", {"deleted_name": ("in", (POLICY, ACCOUNT))})
	frappe.db.delete("Version", {"ref_doctype": ("in", ("Dunning", "Dunning Policy"))})
	series = frappe.qb.DocType("Series")
	frappe.qb.from_(series).delete().where(series.name.like("DUNN-%")).run()
	for name in before["default"]:
		frappe.db.set_value("Dunning Policy", name, "is_default", 1, update_modified=False)
	_put_back("Customer", ("email_id", "modified"), before["customers"])
	_put_back("Client Account", ("dunning_level", "last_dunned_on"), before["accounts"])
	frappe.db.commit()
	frappe.clear_cache()
	return {}


def _put_back(doctype: str, fields: tuple[str, ...], rows: list) -> None:
	import frappe

	now = frappe.get_all(doctype, fields=["name", *fields], as_list=True)
	there = {name: [str(value) for value in values] for name, *values in now}
	for name, *values in rows:
		if there.get(name) != [str(value) for value in values]:
			frappe.db.set_value(doctype, name, dict(zip(fields, values, strict=True)), update_modified=False)


# What is done before and after all cases.
AROUND: dict[str, Callable[[], dict]] = {"remember": remember, "restore": restore}
CASES: dict[str, Callable[[], dict]] = {
	"plan": plan,
	"again": again,
	"queue": queue,
	"dunnings": dunnings,
	"one_worker": lambda: _with_workers(1),
	"two_workers": lambda: _with_workers(2),
}

if __name__ == "__main__":
	main()
