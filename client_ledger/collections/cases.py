"""Cases on a site: what is handed over to a lawyer or an agency, prepared, handed over, recovered or given up.

a dunning step or a person -> case with its checklist -> evidence pack -> handed over -> recovered by the ledger
"""

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, now_datetime

from client_ledger.collections import items as open_items
from client_ledger.core.dunning.plan import Claim, DunningReason
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO, as_money
from client_ledger.site.doctypes import CLIENT_ACCOUNT, ESCALATION_CASE
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled

PREPARING, HANDED_OVER, RECOVERED, WRITTEN_OFF, CANCELLED = (
	"Preparing",
	"Referred",
	"Recovered",
	"Written Off",
	"Cancelled",
)
LIVE = (PREPARING, HANDED_OVER)


CHECKLIST = (
	marked("Customer's full name, legal form and address verified"),
	marked("Invoices and proofs of delivery complete"),
	marked("Last reminder stated a deadline and announced the referral"),
	marked("No item disputed or covered by a promise to pay"),
	marked("Account owner informed"),
	marked("Evidence pack created and reviewed"),
)


def prepare(doc: Document) -> None:
	"""Check a new case and fill it in. Raises frappe.ValidationError with what to change."""
	open_items.fill_in(doc)
	if other := live_case(doc.customer, doc.company, doc.currency):
		frappe.throw(
			filled(_("{0} already exists for this customer. Add the items to that case."), bold(other))
		)
	if not doc.checklist:
		for task in CHECKLIST:
			doc.append("checklist", {"task": _(task)})
	doc.update({"status": PREPARING, "recovered": 0, "responsible": doc.responsible or frappe.session.user})
	doc.amount = flt(sum(as_money(row.amount) for row in doc.items))


def live_case(customer: str, company: str, currency: str | None = None) -> str | None:
	"""Return the case of a customer that is being prepared or handed over."""
	filters = {"customer": customer, "company": company, "status": ("in", LIVE)}
	return frappe.db.get_value(ESCALATION_CASE, {**filters, **({"currency": currency} if currency else {})})


def tick(doc: Document) -> None:
	"""Note who has done a line of the checklist, and add up the fees."""
	for row in doc.checklist:
		if cint(row.done) and not row.done_on:
			row.update({"done_by": frappe.session.user, "done_on": now_datetime()})
		elif not cint(row.done):
			row.update({"done_by": None, "done_on": None})
	for row in doc.fees:
		row.currency = doc.currency
		if flt(row.amount) <= 0:
			open_items.throw_row(row.idx, _("Enter an amount greater than 0."))
	doc.total_fees = sum(flt(row.amount) for row in doc.fees)


def hand_over(name: str) -> None:
	"""Hand a case over. Raises frappe.ValidationError while its checklist, agency or evidence is missing."""
	doc = _case(name, (PREPARING,))
	missing = [row.task for row in doc.checklist if not cint(row.done)]
	if missing:
		frappe.throw(
			_("These checklist items are not complete:")
			+ "<br>"
			+ "<br>".join(frappe.utils.escape_html(task) for task in missing)
		)
	if not doc.agency:
		frappe.throw(filled(_("{0} is required."), _("Lawyer or Collection Agency")))
	if not doc.evidence:
		frappe.throw(_("Create the evidence pack first."))
	doc.update({"status": HANDED_OVER, "handed_over_on": getdate()})
	by_action(doc).save()
	key = {"customer": doc.customer, "company": doc.company}
	if account := frappe.db.get_value(CLIENT_ACCOUNT, key):
		frappe.db.set_value(CLIENT_ACCOUNT, account, "stage", "Legal")


def close(name: str, status: str) -> None:
	"""End a case as recovered, written off or cancelled."""
	if status not in (RECOVERED, WRITTEN_OFF, CANCELLED):
		frappe.throw(filled(_("A case cannot be closed as {0}."), status))
	doc = _case(name, LIVE)
	doc.recovered = float(recovered(doc))
	doc.update({"status": status, "closed_on": getdate()})
	by_action(doc).save()
	key = {"customer": doc.customer, "company": doc.company, "stage": "Legal"}
	if status != WRITTEN_OFF and (account := frappe.db.get_value(CLIENT_ACCOUNT, key)):
		frappe.db.set_value(CLIENT_ACCOUNT, account, "stage", "Normal")


def _case(name: str, statuses: Sequence[str]) -> Document:
	doc = frappe.get_doc(ESCALATION_CASE, name, for_update=True)
	if doc.status not in statuses:
		frappe.throw(filled(_("{0} is {1}."), bold(name), _(doc.status)))
	return doc


def recovered(doc: Document) -> Decimal:
	"""Return what of a case is not open any more, in its currency."""
	found = open_items.open_items(doc.customer, doc.company)
	left = ZERO
	for row in doc.items:
		still = sum((i.outstanding for i in open_items.matching(open_items.key_of(row), found)), ZERO)
		left += min(still, as_money(flt(row.amount)))
	return max(as_money(flt(doc.amount)) - left, ZERO)


def follow_recoveries() -> int:
	"""Bring live cases to what the ledger says; return how many are recovered in full by now."""
	done = 0
	for name in frappe.get_all(ESCALATION_CASE, {"status": ("in", LIVE)}, pluck="name", order_by="name"):
		doc = frappe.get_doc(ESCALATION_CASE, name)
		got = float(recovered(doc))
		if flt(doc.recovered, 2) != flt(got, 2):
			frappe.db.set_value(ESCALATION_CASE, name, "recovered", got)
		if flt(got, 2) >= flt(doc.amount, 2):
			close(name, RECOVERED)
			done += 1
	return done


def handed_over(customers: Sequence[str] | None) -> list[frappe._dict]:
	"""Return the cases that are handed over, with their items (lines). customers: None for all."""
	filters: dict = {"status": HANDED_OVER}
	if customers is not None:
		filters["customer"] = ("in", list(customers))
	rows = frappe.get_all(
		ESCALATION_CASE,
		filters,
		["name", "customer", "company", "currency", "handed_over_on"],
		order_by="name",
	)
	open_items.add_lines(rows, ESCALATION_CASE)
	return rows


def claims(rows: Sequence[frappe._dict]) -> list[Claim]:
	"""Return what is not dunned because somebody else does by now; rows: cases that are handed over."""
	return [
		Claim(
			case.customer,
			DunningReason.BLOCKED,
			getdate(case.handed_over_on),
			None,
			case.company,
			open_items.key_of(line).voucher,
		)
		for case in rows
		for line in case.lines
	]
