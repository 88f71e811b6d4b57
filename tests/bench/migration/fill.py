"""Fill a site with the sample company and with everything people and jobs make in a month of work. Argument: the site.

Runs on the revision of the app that sites migrate from, with that revision's own test helpers, so it follows no change of names.
"""

import json
import sys
from importlib import import_module
from types import ModuleType

from moment import connected

CUSTOMERS = 6
CONTROLLER, MANAGER, SECOND, COLLECTOR, SELLER = (
	f"migration.{name}@example.com" for name in ("controller", "manager", "second", "collector", "seller")
)
SELLING = ("Sales User", "Sales Manager", "Stock User", "Accounts User")
# Customers by how they are dunned.
REMINDED, QUEUED, UNLUCKY = "Migration Reminded", "Migration Queued", "Migration Unlucky"
UNREACHABLE = "Migration Unreachable"
PLANNED, DEFERRED = "Migration Planned", "Migration Deferred"
PROMISED, BROKE, KEPT = "Migration Promised", "Migration Broke", "Migration Kept"
DISPUTED, SETTLED = "Migration Disputed", "Migration Settled"
LEGAL, PREPARED, LOST = "Migration Legal", "Migration Prepared", "Migration Lost"
LIMITED, PARENT = "Migration Limited", "Migration Parent"


def app(module: str) -> ModuleType:
	"""Return a module of the app by the name it has on that revision."""
	return import_module(f"client_ledger.{module}")


def helper(module: str) -> ModuleType:
	"""Return a module of that revision's tests on a site."""
	return import_module(f"tests.bench.{module}")


def main(site: str) -> None:
	"""The sample company first, then what its people did, day by day; the last is the night."""
	for days, part in (
		(-29, demo),
		(-28, office),
		(-20, three_weeks_ago),
		(-6, last_week),
		(0, today),
		(0, saved_on_the_desk),
		(0, night),
	):
		with connected(site, days):
			import frappe

			part()
			frappe.db.commit()
			print(part.__name__, flush=True)


def demo() -> None:
	"""The sample company of the command client-ledger demo."""
	rebuild = app("accounts.rebuild").rebuild
	generate = app("sample.generator").generate
	replay = app("sample_site.replay").replay
	from frappe.utils import add_days, getdate

	documents = generate(2, getdate(), CUSTOMERS)
	first = min(row.date for row in documents.invoices)
	for pair in (("USD", "CNY", 7.1), ("EUR", "CNY", 7.8), ("USD", "EUR", 0.92), ("CNY", "EUR", 0.13)):
		_insert(
			"Currency Exchange",
			from_currency=pair[0],
			to_currency=pair[1],
			exchange_rate=pair[2],
			date=add_days(first, -60),
		)
	replayed = replay(documents)
	assert not replayed.refused, replayed.refused
	rebuild()


def office() -> None:
	"""People and their team; a mail account."""
	import frappe

	f = helper("factories")
	smtp = helper("dunning.smtp")

	frappe.db.set_single_value("Stock Settings", "allow_negative_stock", 1)
	f.make_user(CONTROLLER, ("Credit Controller", *SELLING))
	for user in (MANAGER, SECOND):
		f.make_user(user, ("Credit Manager", *SELLING))
	f.make_user(COLLECTOR, ("Credit Controller", "Sales User"), [("Company", f.COMPANY)])
	f.make_user(SELLER, SELLING, [("Customer", f.make_customer(LIMITED).name)])
	# Nothing listens there: messages stay in the queue until they are said to have gone out.
	smtp.use(smtp.Mailbox(port=9))
	_insert(
		"Collector Team",
		team_name="Migration Team",
		manager=MANAGER,
		for_company=f.COMPANY,
		members=[{"user": COLLECTOR}, {"user": CONTROLLER}],
		scopes=[{"applies_to": "All"}],
	)
	frappe.clear_cache()


def three_weeks_ago() -> None:
	"""Debtors, one policy of each kind, the first messages and promises."""
	follow_ups = app("collections.follow_ups")
	promises = app("collections.promises")
	f = helper("factories")
	setting = helper("collections.setting")
	dunning = helper("dunning.setting")

	for name, email in (
		(REMINDED, "auto"),
		(QUEUED, "auto"),
		(UNLUCKY, "auto"),
		(UNREACHABLE, None),
		(PLANNED, "auto"),
		(DEFERRED, "auto"),
	):
		dunning.make_debtor(name, email)
		f.make_invoice(name, 1200, setting.ago(60), due_date=setting.ago(5))
		f.make_invoice(name, 350.55, setting.ago(30), due_date=setting.ago(-12))
	steps = ({"days": 3}, {"days": 14, "wait_days": 7})
	dunning.make_policy("Migration Automatic", steps, customers=[REMINDED])
	dunning.make_policy("Migration Letters", ({"days": 3, "channel": "Letter"},), customers=[])
	dunning.make_policy("Migration Approve", steps, mode="Approve", customers=[PLANNED])
	dunning.work()
	_deliver()
	for name, days in ((BROKE, (7, 45)), (KEPT, (10, 12)), (PROMISED, (40, 45))):
		invoice = setting.overdue(name, 400, 250, days=9)[0]
		parts = [
			{"due_date": setting.ago(-day), "amount": amount}
			for day, amount in zip(days, (150, 250), strict=True)
		]
		taken = promises.take(name, setting.COMPANY, [setting.row(invoice)], parts)
		follow_ups.log(name, setting.COMPANY, "Promised", promise=taken.name)
		if name == KEPT:
			f.pay(invoice, setting.ago(0))


def last_week() -> None:
	"""Disputes, cases, losses, limits, overrides; documents held."""
	import frappe

	disputes = app("collections.disputes")
	escalation = app("collections.escalation")
	follow_ups = app("collections.follow_ups")
	from frappe.model.workflow import apply_workflow

	f = helper("factories")
	refresh = helper("accounts").refresh
	setting = helper("collections.setting")
	cases = helper("collections.test_escalation")

	for name in (DISPUTED, SETTLED):
		one, _other = setting.overdue(name, 500, 90, days=25)
		dispute = disputes.open_dispute(name, setting.COMPANY, [setting.row(one, 120)], setting.REASON)
		follow_ups.log(name, setting.COMPANY, "Disputed", dispute=dispute.name)
		if name == SETTLED:
			disputes.settle(dispute.name, "Rejected", "Price list was agreed")
	for name in (LEGAL, PREPARED):
		case = cases.case_of(name, *setting.overdue(name, 800, 60, days=120))
		if name == LEGAL:
			for line in case.checklist:
				line.done = 1
			case.append("fees", {"date": setting.ago(0), "description": "Letter", "amount": 25})
			case.update({"agency": cases.agency(), "evidence": "/private/files/evidence.zip"}).save()
			escalation.hand_over(case.name)
	(bad,) = setting.overdue(LOST, 700, days=200)
	frappe.db.commit()
	frappe.set_user(CONTROLLER)
	apply_workflow(cases.request_of(LOST, setting.row(bad, 300)), "Request Approval")
	frappe.set_user("Administrator")
	follow_ups.plan(
		LOST,
		setting.COMPANY,
		subject="Visit",
		due_date=setting.ago(-3),
		channel="Visit",
		responsible=COLLECTOR,
	)
	_limits()
	f.make_invoice(PARENT, 150, setting.ago(2))
	_holds()
	refresh()


def _limits() -> None:
	"""A permanent limit, a temporary one, one that waits; a group that shares; an override and a reference."""
	import frappe
	from frappe.model.workflow import apply_workflow

	f = helper("factories")
	setting = helper("collections.setting")

	f.make_customer(PARENT)
	frappe.get_doc("Customer", LIMITED).update({"cl_credit_parent": PARENT}).save()
	wanted = (
		("Credit Limit", {"customer": PARENT, "amount": 9000}, True),
		(
			"Credit Limit",
			{
				"customer": REMINDED,
				"amount": 4000,
				"valid_from": setting.ago(1),
				"valid_to": setting.ago(-20),
			},
			True,
		),
		("Credit Limit", {"customer": PLANNED, "amount": 500}, False),
		("Credit Grade Override", {"customer": REMINDED, "grade": "B", "valid_to": setting.ago(-60)}, True),
		("Credit Grade Override", {"customer": PLANNED, "grade": "C", "valid_to": setting.ago(-60)}, False),
	)
	for doctype, fields, approved in wanted:
		frappe.set_user(CONTROLLER)
		doc = frappe.get_doc({"doctype": doctype, "company": f.COMPANY, "reason": "Known for long", **fields})
		apply_workflow(doc.insert(), "Request Approval")
		if approved:
			frappe.set_user(MANAGER)
			apply_workflow(frappe.get_doc(doctype, doc.name), "Approve")
		frappe.set_user("Administrator")
	_insert(
		"Credit Reference",
		customer=PARENT,
		company=f.COMPANY,
		reference_type="Agency Rating",
		provider="Agency",
		grade_cap="D",
		valid_to=setting.ago(-90),
	)


def _holds() -> None:
	"""An order that waits, one that was released and submitted, one rejected, a delivery that waits."""
	import frappe

	decisions = app("holds.decisions")
	f = helper("factories")
	holding = helper("held")

	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
	frappe.db.set_single_value("Client Ledger Settings", "limits_by_approval", 0)
	names = [f"Migration Held {n}" for n in range(4)]
	for name in names:
		customer = f.make_customer(name)
		customer.append("credit_limits", {"company": f.COMPANY, "credit_limit": 100})
		customer.save()
	frappe.db.commit()
	makes = (f.make_order, f.make_order, f.make_order, f.make_delivery)
	holds = [
		holding.held(holding.draft(name, 500, SECOND, make), SECOND)
		for name, make in zip(names, makes, strict=True)
	]
	holding.release(holds[1], CONTROLLER, grace_days=20)
	holding.submit(frappe.get_doc("Sales Order", holds[1].reference_name), SECOND)
	frappe.set_user(CONTROLLER)
	decisions.reject(holds[2].name, "Too late too often")
	frappe.set_user("Administrator")


def today() -> None:
	"""Messages in every state: sent, in the queue, failed, planned, deferred, without an address."""
	import frappe
	from frappe.utils import getdate

	dunning = helper("dunning.setting")

	dunning.make_policy("Migration Queue", ({"days": 3},), customers=[QUEUED, UNLUCKY, UNREACHABLE])
	dunning.make_policy(
		"Migration Evening", ({"days": 3},), customers=[DEFERRED], opens="20:00:00", closes="22:00:00"
	)
	dunning.make_policy("Migration Letters", ({"days": 3, "channel": "Letter"},), customers=[LOST])
	dunning.make_policy("Migration Preview", ({"days": 3},), mode="Preview", customers=[PREPARED])
	app("dunning.decisions").pause(LEGAL, getdate(dunning.ago(-30)), "Other", "At court", None)
	dunning.work(0, 10)
	frappe.db.set_value(
		"Email Queue", {"status": "Not Sent", "reference_name": ("in", _notices(UNLUCKY))}, "status", "Error"
	)
	dunning.work(0, 11)


def saved_on_the_desk() -> None:
	"""What people keep on the desk about our DocTypes and fields."""
	import frappe
	from frappe.model.utils.user_settings import save, sync_user_settings

	in_doubt = [["Ledger Notice", "state", "in", ["Failed", "Sending"], False]]
	broken = [["Promise to Pay", "state", "=", "Broken", False]]
	_insert(
		"List Filter",
		filter_name="In Doubt",
		reference_doctype="Ledger Notice",
		for_user=MANAGER,
		filters=json.dumps(in_doubt),
	)
	_insert(
		"Kanban Board",
		kanban_board_name="Migration Promises",
		reference_doctype="Promise to Pay",
		field_name="state",
		filters=json.dumps(broken),
		columns=[{"column_name": "Running"}, {"column_name": "Broken"}],
	)
	_insert(
		"Number Card",
		label="Migration Failed Notices",
		type="Document Type",
		document_type="Ledger Notice",
		function="Count",
		is_public=1,
		filters_json=json.dumps(in_doubt),
	)
	_insert(
		"Notification",
		subject="{{ doc.customer }} is {{ doc.state }}",
		document_type="Ledger Dispute",
		event="Value Change",
		value_changed="state",
		condition="doc.state == 'Accepted'",
		channel="System Notification",
		message="{{ doc.state }}",
		recipients=[{"receiver_by_role": "Credit Manager"}],
		set_name="Migration Dispute Accepted",
	)
	_insert(
		"Custom Role",
		page="what-did-not-go-out",
		roles=[{"role": "Accounts Manager"}, {"role": "Credit Manager"}],
	)
	_insert(
		"Custom Field",
		dt="Escalation Case",
		fieldname="court",
		label="Court",
		fieldtype="Data",
		insert_after="state",
	)
	frappe.make_property_setter(
		{
			"doctype": "Ledger Dispute",
			"fieldname": "state",
			"property": "bold",
			"value": 1,
			"property_type": "Check",
		}
	)
	frappe.set_user(MANAGER)
	save(
		"Ledger Notice", json.dumps({"List": {"filters": in_doubt, "sort_by": "state", "sort_order": "asc"}})
	)
	frappe.set_user("Administrator")
	sync_user_settings()


def night() -> None:
	"""The nightly job, which is stopped then; and the first voucher of the morning, whose customer waits for its refresh."""
	import frappe

	app("tasks").heal()
	frappe.db.set_value("Scheduled Job Type", {"method": "client_ledger.tasks.heal"}, "stopped", 1)
	frappe.db.commit()
	helper("factories").make_payment(REMINDED, 5, helper("dunning.setting").ago(0))


def _notices(customer: str) -> list[str]:
	import frappe

	return frappe.get_all("Ledger Notice", {"customer": customer}, pluck="name")


def _deliver() -> None:
	"""The mail server took what is in the queue."""
	import frappe

	delivery = app("dunning.delivery")
	dunning = helper("dunning.setting")

	frappe.db.set_value("Email Queue", {"status": "Not Sent"}, "status", "Sent")
	delivery.follow_up(dunning.at(0, 11))


def _insert(doctype: str, set_name: str | None = None, **values: object) -> None:
	import frappe

	frappe.get_doc({"doctype": doctype, **values}).insert(set_name=set_name)


if __name__ == "__main__":
	main(sys.argv[1])
