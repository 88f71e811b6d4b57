"""Bad requests, many of them: every whitelisted function, report and DocType answers with what is wrong, never with 500.

CLIENT_LEDGER_SEED chooses other requests, CLIENT_LEDGER_REQUESTS how many of each function.
"""

import inspect
import json
import math
import os
import random
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.core.archive.canonical import sha256
from client_ledger.site.arguments import arguments
from tests.bench import factories as f
from tests.bench.doors.http import Answer, ask, call, post, put
from tests.bench.doors.records import COMPANY, ONE, Records
from tests.permissions import whitelisted

pytestmark = pytest.mark.one_transaction

SEED = int(os.environ.get("CLIENT_LEDGER_SEED", "20261127"))
REQUESTS = int(os.environ.get("CLIENT_LEDGER_REQUESTS", "25"))
EVERYTHING = (
	"Accounts Manager", "Accounts User", "Sales Manager", "Sales User", "Credit Manager", "Credit Controller",
	"Auditor", "System Manager",
)  # fmt: skip


def nested(depth: int) -> str:
	return "[" * depth + "]" * depth


DEEP: Any = {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}
BAD: tuple[Any, ...] = (
	None, "", " ", "x" * 141, "x" * 100_000, "\x00", "\ud800", "null", "undefined", "NaN", "nan", "inf",
	"0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "2026-13-01", "yesterday", "2026-01-01 99:99:99", "12",
	"1e400", "-1e400", math.inf, -math.inf, math.nan, 1e308, 10**30, -(10**30), 2**63, -1, 0, 1.5, True, False, "1.5",
	[], {}, [[]], [{}], [None], [1, 2], ["x", ["y"]], DEEP, [DEEP], "{", "[1,", "[", "{}", "[]", '"x"', "5", "[5]",
	'[{"voucher_no": {}}]', '{"company": ["like", "%"]}', '{"company": {"a": 1}}', nested(3000), nested(50),
	"`name`", "`tabUser`.`name`", "name; drop table x", "' or 1=1 -- ", "%", "../../etc/passwd", "{{ 7*7 }}",
	"<img src=x onerror=alert(1)>", "client_ledger.tasks.nightly", "Administrator", "List", ["in", ["x"]],
)  # fmt: skip


FUNCTIONS = whitelisted()
REPORTS = tuple(frappe.get_all("Report", {"module": "Client Ledger"}, pluck="name", order_by="name"))


@pytest.fixture(scope="module", autouse=True)
def user(records: Records) -> str:
	name = f.make_user("doors.all@example.com", EVERYTHING).name
	frappe.clear_cache(user=name)
	return name


@pytest.fixture(autouse=True)
def _login(user: str):
	frappe.set_user(user)


def fine(records: Records) -> dict[str, Any]:
	"""A good value for every argument, by its name."""
	day = add_days(nowdate(), 3)
	nobody = f.make_user("nobody.works.as@example.com").name
	return {
		"for_doctype": "Company",
		"data": {"user": nobody, "doctype": "Company", "docname": COMPANY, "apply_to_all_doctypes": 1},
		"customer": ONE,
		"company": COMPANY,
		"customers": [ONE],
		"currency": f.CURRENCY,
		"kind": "later",
		"days": 14,
		"as_of": nowdate(),
		"from_date": add_days(nowdate(), -60),
		"to_date": nowdate(),
		"report_date": nowdate(),
		"part": "receivable",
		"doctype": "Sales Order",
		"parent": "Sales Order",
		# One that no test works as.
		"role": "Maintenance User",
		"permlevel": 0,
		"ptype": "read",
		"value": 1,
		"if_owner": 0,
		"version": 1,
		"for_company": COMPANY,
		"close_as": "Resolved",
		"values": {"days": 40},
		"name": records.one["Ledger Dispute"],
		"names": [records.one["Ledger Notice"]],
		"run": records.one["Dunning Run"],
		"schedule": records.one["Statement Schedule"],
		"coverage": "Both",
		"opening": "Dear customer,",
		"recipients": "one@example.com",
		"file_format": "xlsx",
		"policy": records.one["Dunning Policy"],
		"round": records.one["Confirmation Round"],
		"answer": "Other Balance",
		"declared_name": "Li Wei",
		"declared_position": "Accountant",
		"balance": 5,
		"remark": "Because",
		"lines": [{"kind": "Other", "number": "none", "amount": 5}],
		"file_url": "/private/files/none.csv",
		"line": records.one["Reconciliation Line"],
		"step": "Ask the Customer",
		"found_by": "Number and Amount",
		"match_no": 1,
		"payment_type": "Payment Entry",
		"payment": "none",
		"action": "Review",
		"because": "False Alarm",
		"user": "Administrator",
		"chosen": [records.one["Reconciliation Line"]],
		"position": "Head of Credit",
		"link": "none",
		"reason": "Dispute",
		"details": "Two boxes were missing",
		"why": "Because",
		"until": day,
		"day": add_days(nowdate(), -40),
		"period_kind": "Month",
		"check": "Unallocated Receipts",
		"explanation": "Because",
		"kpi": "dso",
		"months": 3,
		"dimension": "",
		"dimension_value": None,
		"due_date": day,
		"subject": "Call",
		"outcome": "No Answer",
		"status": "Rejected",
		"resolution": "Because",
		"credit_note": "none",
		"start": 0,
		"end": day,
		"filters": {"company": COMPANY},
		"items": [{"voucher_type": "Sales Invoice", "voucher_no": "none", "amount": 5}],
		"accounts": [{"customer": ONE, "company": COMPANY}],
		"next_date": day,
		"note": "Called",
		"amount": 2.5,
		"payment_date": nowdate(),
		"reference": "TT-2",
		"invoices": [],
		"withheld_as": "",
		"instalments": [{"due_date": day, "amount": 5}],
		"digest": sha256(b"Letter"),
		"message": "<p>Please pay.</p>",
		"figures": "none",
		"letters": [{"currency": f.CURRENCY, "subject": "Call", "message": "<p>Pay.</p>", "figures": "none"}],
	}


NAMES_OF = {
	"release_hold": "Credit Hold",
	"release_and_submit": "Credit Hold",
	"reject_hold": "Credit Hold",
	"reevaluate_hold": "Credit Hold",
	"lift_block": "Dunning Block",
	"cancel_promise": "Promise to Pay",
	"withdraw_advice": "Remittance Advice",
	"choose_invoices": "Receipt Proposal",
	"invoices_to_choose": "Receipt Proposal",
	"refresh": "Client Account",
	"recompute": "Credit Assessment",
	"approve_reference": "Credit Reference",
	"approve_limit": "Credit Limit",
	"notice_message": "Ledger Notice",
	"stated_page": "Customer Statement",
	"stated_difference": "Customer Statement",
	"stated_file": "Customer Statement",
	"edit_notice": "Ledger Notice",
	"restore_notice": "Ledger Notice",
	"make_evidence_pack": "Escalation Case",
	"hand_over": "Escalation Case",
	"close_case": "Escalation Case",
	"archive_file": "Ledger Archive",
	**dict.fromkeys(
		(
			"read_figures",
			"explain_check",
			"prepare_list",
			"approve_list",
			"reopen_list",
			"changed_figures",
		),
		"Receivables Check List",
	),
	"review_changes": "KPI Month End",
	"compare_now": "KPI Month End",
	**dict.fromkeys(("start_trial", "end_trial", "measure_trial"), "Step Trial"),
	"confirmation_page": "Balance Confirmation",
	"get_comparison": "Balance Confirmation",
	"comparison_matches": "Balance Confirmation",
	"lines_to_join": "Balance Confirmation",
	"comparison_xlsx": "Balance Confirmation",
	"compare_again": "Balance Confirmation",
	"look_again": "Balance Confirmation",
	"join_lines": "Balance Confirmation",
	"split_match": "Balance Confirmation",
	"make_steps": "Balance Confirmation",
	"settle_confirmation": "Balance Confirmation",
	"signed_balance_pdf": "Balance Confirmation",
	"get_link": "Balance Confirmation",
	"revoke_link": "Balance Confirmation",
	"enter_reply": "Balance Confirmation",
	"enter_ledger": "Balance Confirmation",
	"count_reply": "Confirmation Reply",
	"read_again": "Confirmation Reply",
}


def mutated(chance: random.Random, value: Any) -> Any:
	"""A bad value, or a good one with something bad in it, as it is or as JSON."""
	if isinstance(value, list | dict) and chance.random() < 0.5:
		copy = json.loads(json.dumps(value))
		inner = copy
		while isinstance(inner, list) and inner and isinstance(inner[0], list | dict):
			inner = inner[0]
		if isinstance(inner, dict) and inner:
			inner[chance.choice(sorted(inner))] = chance.choice(BAD)
		elif isinstance(inner, list):
			inner.append(chance.choice(BAD))
		return copy if chance.random() < 0.5 else json.dumps(copy)
	bad = chance.choice(BAD)
	return json.dumps(bad) if isinstance(bad, list | dict) and chance.random() < 0.5 else bad


def is_answered(answer: Answer) -> bool:
	"""Whether it is no fault of the server, and whoever is refused is told something, and nothing lasts of it."""
	if answer.status < 400:
		return True
	return answer.status < 500 and "Traceback" not in answer.text and not answer.commits


def test_every_function_reads_its_arguments_in_the_one_place():
	assert len(FUNCTIONS) > 70
	assert [path for path, function in FUNCTIONS.items() if not kinds_of(function)] == []


def kinds_of(function: Any) -> dict | None:
	while function is not None:
		if hasattr(function, "argument_kinds"):
			return {"kinds": function.argument_kinds}
		function = getattr(function, "__wrapped__", None)
	return None


@pytest.mark.parametrize("path", sorted(FUNCTIONS))
def test_a_bad_request_of_a_function(path: str, records: Records):
	function = FUNCTIONS[path]
	chance = random.Random(f"{SEED}|{path}")
	method = frappe.allowed_http_methods_for_whitelisted_func[function][0]
	good, wanted = fine(records), list(inspect.signature(function).parameters)
	if doctype := NAMES_OF.get(function.__name__):
		good["name"] = records.one[doctype]
	if ".statement_runs." in path:
		good["run"] = records.one["Statement Run"]
	base = {name: good[name] for name in wanted if name in good}
	wrong = []
	for number in range(REQUESTS if wanted else 2):
		sent = dict(base)
		for name in chance.sample(wanted, chance.randint(1, min(2, len(wanted)))) if wanted else ():
			sent[name] = mutated(chance, sent.get(name))
		if chance.random() < 0.1 and sent:
			sent.pop(chance.choice(sorted(sent)))
		if chance.random() < 0.05:
			sent[chance.choice(["`x`", "cmd2", "ignore_permissions", "flags"])] = 1
		answer = call(path, method, **sent)
		if not is_answered(answer):
			wrong.append(
				(number, {k: repr(v)[:80] for k, v in sent.items()}, answer.text[:200], answer.trace[-700:])
			)
	assert not wrong, f"{len(wrong)} of {REQUESTS}: {wrong[0][:3]}\n{wrong[0][3]}"


FILTERS = (
	"company", "customers", "customer", "customer_group", "territory", "sales_person", "from_date", "to_date", "as_of",
	"report_date", "range", "group_by", "ageing_based_on", "basis", "shown", "days", "status", "rule", "policy",
	"limit_state", "payment_status", "volume_segment", "behaviour_segment", "account_manager", "currency", "with_balance",
	"in_party_currency", "together",
)  # fmt: skip


@pytest.mark.parametrize("report", REPORTS)
def test_a_bad_filter_of_a_report(report: str, records: Records):
	chance = random.Random(f"{SEED}|{report}")
	good, wrong = fine(records), []
	base = {name: good[name] for name in ("company", "from_date", "to_date", "as_of", "report_date")}
	for number in range(REQUESTS):
		filters = dict(base)
		for name in chance.sample(FILTERS, 2):
			filters[name] = chance.choice(BAD)
		if chance.random() < 0.1:
			filters.pop(chance.choice(sorted(filters)))
		sent = {"report_name": report, "filters": json.dumps(filters), "ignore_prepared_report": True}
		answer = call("frappe.desk.query_report.run", "POST", **sent)
		if not is_answered(answer):
			wrong.append(
				(
					number,
					{k: repr(v)[:60] for k, v in filters.items()},
					answer.text[:200],
					answer.trace[-700:],
				)
			)
	assert not wrong, f"{len(wrong)} of {REQUESTS}: {wrong[0][:3]}\n{wrong[0][3]}"


VALUES = tuple(value for value in BAD if value not in ("\ud800",))


@pytest.mark.parametrize("doctype", [name for name in (
	"Client Account", "Credit Reference", "Credit Limit", "Credit Grade Override", "Dunning Block", "Dunning Policy",
	"Dunning Run", "Escalation Case", "Follow Up", "Ledger Dispute", "Promise to Pay", "Write Off Request",
)])  # fmt: skip
def test_a_bad_value_in_a_document(doctype: str, records: Records):
	chance = random.Random(f"{SEED}|{doctype}")
	meta, wrong = frappe.get_meta(doctype), []
	fields = [
		df.fieldname
		for df in meta.fields
		if df.fieldtype not in ("Section Break", "Column Break", "Tab Break")
	]
	stored = json.loads(frappe.get_doc(doctype, records.one[doctype]).as_json())
	for number in range(REQUESTS):
		field, value = chance.choice(fields), chance.choice(VALUES)
		if chance.random() < 0.5:
			answer = put(doctype, records.one[doctype], **{field: value})
		else:
			new = {k: v for k, v in stored.items() if k in fields}
			answer = post(doctype, **{**new, field: value})
		if not is_answered(answer):
			wrong.append((number, field, repr(value)[:80], answer.text[:200], answer.trace[-900:]))
	assert not wrong, f"{len(wrong)} of {REQUESTS}: {wrong[0][:4]}\n{wrong[0][4]}"


def test_a_message_says_which_argument_and_what_to_do():
	answer = call("client_ledger.ledger_tab.api.customer_ledger", "GET", customer=ONE, as_of="0000-00-00")
	assert answer.status == 417 and "As Of" in answer.text and "YYYY-MM-DD" in answer.text
	frappe.local.lang = "zh"
	try:
		answer = call("client_ledger.ledger_tab.api.customer_ledger", "GET", customer=ONE, as_of="0000-00-00")
	finally:
		frappe.local.lang = "en"
	assert "请输入" in answer.text


MARKUP = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
	("path", "http_method", "sent"),
	[
		("client_ledger.ledger_tab.api.customer_ledger", "GET", {"customer": ONE, "company": MARKUP}),
		("client_ledger.collections.api.my_worklist", "GET", {"company": MARKUP}),
		("client_ledger.reporting.dunning_cards.failed", "POST", {"filters": {"company": MARKUP}}),
		("client_ledger.reporting.dashboard.overdue", "POST", {"filters": {"company": MARKUP}}),
		("client_ledger.credit.api.customer_credit_documents", "GET", {"customer": ONE, "company": COMPANY, "part": MARKUP}),
		("client_ledger.credit.api.hold_of", "GET", {"doctype": MARKUP, "name": "x"}),
		("frappe.desk.query_report.run", "POST", {"report_name": "Client Ageing", "filters": json.dumps({"company": MARKUP})}),
		("frappe.desk.query_report.run", "POST", {"report_name": "Client Overview", "filters": json.dumps({"customers": [MARKUP]})}),
	],
)  # fmt: skip
def test_a_message_shows_what_was_sent_as_text(path: str, http_method: str, sent: dict):
	answer = call(path, http_method, **sent)
	assert 400 <= answer.status < 500
	assert MARKUP not in answer.text and "&lt;img" in answer.text


def test_what_is_locked_says_try_again_to_people(monkeypatch):
	@arguments()
	def waits(name: str) -> None:
		raise frappe.QueryTimeoutError("Lock wait timeout exceeded")

	with pytest.raises(frappe.QueryTimeoutError):
		waits("x")
	monkeypatch.setattr(frappe.local, "request", object(), raising=False)
	with pytest.raises(frappe.ValidationError, match="Try again") as error:
		waits("x")
	assert error.value.http_status_code == 409


def test_a_document_that_does_not_exist_is_not_found():
	assert ask("GET", "/api/resource/Ledger Dispute/none").status == 404
	assert call("client_ledger.ledger_tab.api.customer_ledger", "GET", customer="none").status in (403, 404)
