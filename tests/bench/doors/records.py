"""One document of every DocType of ours, about two customers."""

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, nowdate

from client_ledger.archive.chain import chain_company
from client_ledger.archive.heads import send_heads
from client_ledger.archive.keep import keep
from client_ledger.collections import disputes, follow_ups
from client_ledger.collections.promises import controller
from client_ledger.confirmations import replies
from client_ledger.confirmations.replies import Given, ReplySource
from client_ledger.core.confirmations.answers import Answer
from client_ledger.core.group_robots.messages import RobotLine, RobotMessage
from client_ledger.core.measured_effect.assignment import AssignedArm, TrialArm
from client_ledger.credit.grades.assessments import assess_now
from client_ledger.early_warnings import switching
from client_ledger.forecasts import making
from client_ledger.group_robots import deliveries
from client_ledger.guest_links import links
from client_ledger.kpis.store import store_month
from client_ledger.measured_effect.assignments import record
from client_ledger.procedures.reading import confirm
from client_ledger.receipts import advices, payers, proposals
from client_ledger.statement_runs import runs, schedules
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.collections.setting import REASON, overdue, row
from tests.bench.confirmations.setting import make_round
from tests.bench.controls.made_books import make_finding
from tests.bench.dunning.setting import COMPANY, make_policy
from tests.bench.early_warnings.made_up import raise_for
from tests.bench.period_checks.setting import make_last
from tests.bench.receipts.setting import deposit, stored
from tests.bench.statements.setting import make_schedule

ONE, OTHER = "Door One", "Door Other"
MAKER = "doors.maker@example.com"


@dataclass
class Records:
	"""The names of what was made, by DocType, of one customer and of the other."""

	one: dict[str, str]
	other: dict[str, str]
	invoices: dict[str, list[Document]]


def make_records() -> Records:
	"""Make them, as Administrator."""
	f.make_company()
	f.make_user(MAKER, ("Credit Controller", "Credit Manager", "Sales User", "Accounts User"))
	invoices = {name: overdue(name, 500, 300, 200, 100, 80) for name in (ONE, OTHER)}
	refresh()
	policy = make_policy("Door Policy", mode="Preview", customers=[ONE])
	schedule = make_schedule("Door Schedule", mode="Approve")
	period = schedules.last_period(schedule, getdate())
	for name in (ONE, OTHER):
		f.make_invoice(name, 7, period.as_of)
	statement_run = runs.run_of(schedule, period)
	runs.plan(statement_run)
	check_list = make_last(COMPANY)
	making.bring_up_to_date(COMPANY, getdate(), 60)
	forecast = frappe.db.get_value("Cash Forecast", {"company": COMPANY}, order_by="day desc")
	run = frappe.new_doc("Control Run", control="lapping", company=COMPANY, run_date=nowdate(), status="Done")
	run.update({"name": "door-control-run", "unique_key": "door"})
	run.db_insert()
	month_end = store_month(COMPANY, period.as_of)
	kpi_rows = frappe.db.get_value("KPI Rows", {"month_end": month_end})
	found = [_of(name, invoices[name], policy) for name in (ONE, OTHER)]
	for name, made in zip((ONE, OTHER), found, strict=True):
		made |= {"Statement Schedule": schedule.name, "Statement Run": statement_run.name}
		made["Receivables Check List"] = check_list
		made["Cash Forecast"] = forecast
		made |= {"Control Run": run.name, "Ledger Control": "lapping"}
		made |= {"KPI Month End": month_end, "KPI Rows": kpi_rows}
		made["Customer Statement"] = frappe.db.get_value("Customer Statement", {"customer": name})
	trial = _trial(policy)
	for name, made in zip((ONE, OTHER), found, strict=True):
		made["Step Trial"] = trial
		made["Trial Assignment"] = frappe.db.get_value("Trial Assignment", {"customer": name})
	round_ = make_round([ONE, OTHER])
	for name, made in zip((ONE, OTHER), found, strict=True):
		made |= {"Confirmation Round": round_.name} | _confirmation(name)
	return Records(*found, invoices)


def _of(name: str, invoices: list[Document], policy: Document) -> dict[str, str]:
	one, two, three, four, five = invoices
	made: dict[str, Document] = {}

	def add(doc: Document) -> None:
		made[doc.doctype] = doc

	add(disputes.open_dispute(name, COMPANY, [row(one, 100)], REASON))
	due = add_days(nowdate(), 5)
	add(controller.take_promise(name, COMPANY, [row(two, 300)], [{"due_date": due, "amount": 300}]))
	plan = follow_ups.plan(name, COMPANY, subject="Call", due_date=due)
	add(frappe.get_doc("Follow Up", plan))
	add(_insert("Escalation Case", name, items=[row(three, 200)], fees=[{"description": "Fee", "amount": 5}]))
	account = f.make_expense_account(COMPANY)
	add(
		_insert(
			"Write Off Request", name, reason="Insolvent", write_off_account=account, items=[row(four, 50)]
		)
	)
	add(_insert("Dunning Block", name, reason="Dispute", until=due, company=None, for_company=COMPANY))
	add(_insert("Credit Limit", name, limit_type="Temporary", amount=5000, valid_to=due, reason="Test"))
	add(_insert("Credit Grade Override", name, grade="B", valid_to=due, reason="Test"))
	add(
		_insert(
			"Credit Reference",
			name,
			reference_type="Credit Insurance",
			provider="Insurer",
			limit_effect="Raise",
			amount=500,
			valid_to=due,
		)
	)
	add(frappe.get_doc("Credit Assessment", assess_now(name, COMPANY)))
	add(_hold(name))
	add(_notice(name, policy, five))
	advice = advices.announce(name, COMPANY, f.CURRENCY, 1, nowdate(), f"TT-1 {name}", {five.name: 1})
	add(frappe.get_doc("Remittance Advice", advice))
	add(frappe.get_doc("Payer Name", payers.remember(name, f"{name} Holding", "", "")))
	add(_proposal(name, five))
	add(_run())
	add(make_finding(name, COMPANY))
	for doc in (*_duties(name), *_procedures(name), *_warnings(name)):
		add(doc)
	for doctype, fields in (
		("Credit Snapshot", {"customer": name, "company": COMPANY, "grade": "B", "as_of": nowdate()}),
		("Credit Reservation", {"customer": name, "company": COMPANY, "recent": "[]"}),
		("Refresh Mark", {"customer": name}),
		("Backup Check", {"kind": "Check", "verdict": "Good", "checked_on": f"{nowdate()} 01:00:00"}),
	):
		doc = frappe.new_doc(doctype, **fields)
		doc.name = f"door-{frappe.scrub(doctype)}-{frappe.scrub(name)}"
		doc.db_insert()
		add(doc)
	names = {doctype: doc.name for doctype, doc in made.items()} | _archive(name)
	names["Client Account"] = frappe.db.get_value("Client Account", {"customer": name, "company": COMPANY})
	names["Dunning Policy"] = policy.name
	return names


def _trial(policy: Document) -> str:
	"""Return a trial that has not begun, and assign both customers as if it had."""
	trial = frappe.get_doc(
		{
			"doctype": "Step Trial",
			"title": "Door Trial",
			"company": COMPANY,
			"policy": policy.name,
			"step": 1,
			"days": 3,
			"since": add_days(nowdate(), 2),
			"reason": "Whoever forgot has paid by then",
		}
	).insert()
	arms = [AssignedArm(trial.name, name, TrialArm.VARIED, getdate()) for name in (ONE, OTHER)]
	record(COMPANY, arms, {})
	return trial.name


def _insert(doctype: str, customer: str, **values: object) -> Document:
	doc = {"doctype": doctype, "customer": customer, "company": COMPANY, **values}
	return frappe.get_doc({key: value for key, value in doc.items() if value is not None}).insert()


def _duties(customer: str) -> list[Document]:
	"""Return a mitigation and a conflict: of no customer, but each set of records has its own."""
	rule = frappe.get_all("Duty Rule", pluck="name", order_by="name", limit=1)[0]
	mitigation = frappe.get_doc(
		{
			"doctype": "Duty Mitigation",
			"user": MAKER,
			"duty_rule": rule,
			"valid_until": add_days(nowdate(), 9),
			"reason": "Alone in the office",
			"reviewer": "Administrator",
		}
	).insert()
	conflict = frappe.get_doc(
		{
			"doctype": "Duty Conflict",
			"user": MAKER,
			"duty_rule": rule,
			"status": "Closed",
			"open_key": f"door {customer}",
		}
	).insert(ignore_permissions=True)
	return [mitigation, conflict]


def _procedures(customer: str) -> list[Document]:
	"""Return a procedure in force, its version and a reading: of no customer, but each set of records has its own."""
	procedure = frappe.get_doc(
		{
			"doctype": "Procedure",
			"title": f"Procedure {customer}",
			"summary": "So that it is done",
			"responsible": MAKER,
			"in_force": 1,
			"steps": [{"instruction": "Do it", "role": "Sales User"}],
			"places": [{"document_type": "Sales Order"}],
		}
	)
	f.make_user("doors.seller@example.com", ["Sales User"])
	procedure.insert()
	confirm(procedure.name, 1)
	key = {"procedure": procedure.name}
	version, reading = (frappe.get_doc(one, key) for one in ("Procedure Version", "Procedure Reading"))
	return [procedure, version, reading]


def _warnings(customer: str) -> list[Document]:
	"""Return a warning, and what it is told by: of no customer but the warning, and each set of records has its own."""
	(warning,) = raise_for([customer], COMPANY)
	robot = frappe.get_doc(
		{
			"doctype": "Group Robot",
			"title": f"Robot {frappe.scrub(customer)}",
			"service": "WeCom",
			"address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=door",
			"enabled": 0,
		}
	).insert()
	delivery = deliveries.put(robot.name, f"door|{robot.name}", RobotMessage("Door", [RobotLine("Door")]))
	reader = f.make_user(f"doors.{frappe.scrub(customer)}@example.com", ["Credit Manager"]).name
	digest = frappe.get_doc({"doctype": "Warning Digest", "user": reader}).insert()
	issue = frappe.get_doc(
		{
			"doctype": "Warning Digest Issue",
			"user": reader,
			"subject": "Door",
			"names": "[]",
			"issue_key": f"door|{reader}",
		}
	).insert(ignore_permissions=True)
	return [
		frappe.get_doc("Early Warning", warning),
		robot,
		frappe.get_doc("Robot Delivery", delivery),
		digest,
		issue,
		switching.setup_of(COMPANY),
	]


def _hold(customer: str) -> Document:
	hold = frappe.get_doc(
		{
			"doctype": "Credit Hold",
			"customer": customer,
			"company": COMPANY,
			"reference_doctype": "Sales Order",
			"reference_name": f.make_order(customer, 50, submit=False).name,
			"status": "On Hold",
			"amount": 50,
			"currency": f.CURRENCY,
			"held_by": MAKER,
			"document_owner": MAKER,
			"held_on": nowdate(),
			"reasons": [{"rule": frappe.get_all("Credit Rule", pluck="name", limit=1)[0], "action": "Hold"}],
		}
	)
	return hold.insert(ignore_permissions=True)


def _notice(customer: str, policy: Document, invoice: Document) -> Document:
	notice = frappe.new_doc("Ledger Notice", customer=customer, company=COMPANY, status="Planned")
	notice.update({"name": f"door-{customer}", "currency": f.CURRENCY, "total": 100, "policy": policy.name})
	notice.db_insert()
	item = frappe.new_doc(
		"Ledger Notice Item", parent=notice.name, parenttype="Ledger Notice", parentfield="items"
	)
	item.update(
		{
			"name": f"door-item-{customer}",
			"voucher_type": "Sales Invoice",
			"voucher_no": invoice.name,
			"idx": 1,
		}
	)
	item.db_insert()
	return notice


def _proposal(customer: str, invoice: Document) -> Document:
	money = deposit(33, invoice.name, party_type="Customer", party=customer)
	proposals.refresh(COMPANY)
	return stored(money)


def _archive(customer: str) -> dict[str, str]:
	entry = keep(
		"Letter",
		COMPANY,
		"Ledger Notice",
		f"door-{customer}",
		customer=customer,
		figures={"total": 100},
		files=[("letter.html", b"Letter")],
	)
	chain_company(COMPANY)
	send_heads()
	of_company = {"company": COMPANY}
	return {
		"Ledger Archive": entry,
		"Archive Chain": frappe.db.get_value("Archive Chain", of_company),
		"Archive Anchor": frappe.db.get_value("Archive Anchor", of_company),
	}


def _confirmation(customer: str) -> dict[str, str]:
	name = frappe.db.get_value("Balance Confirmation", {"customer": customer})
	lines = [{"kind": "Other", "number": "none", "amount": 5}]
	given = Given(Answer.DIFFERENCES, "Li Wei", balance=Decimal(5), lines=lines)
	reply = replies.take(name, given, ReplySource("User")).reply
	line = frappe.new_doc("Reconciliation Line")
	line.update(
		{"confirmation": name, "reply": reply, "customer": customer, "company": COMPANY, "side": "Ours"}
	)
	line.update({"name": f"door-line-{frappe.scrub(customer)}", "currency": f.CURRENCY, "number": "none"})
	line.db_insert()
	link = links.issue(
		links.CONFIRMATION, "Balance Confirmation", name, customer, COMPANY, getdate(add_days(nowdate(), 9))
	)
	links.record(link, "Opened")
	return {
		"Balance Confirmation": name,
		"Confirmation Reply": reply,
		"Reconciliation Line": line.name,
		"Guest Link": link,
		"Guest Link Event": frappe.db.get_value("Guest Link Event", {"link": link}),
	}


def _run() -> Document:
	return frappe.get_doc({"doctype": "Dunning Run", "company": COMPANY, "as_of": nowdate()}).insert()
