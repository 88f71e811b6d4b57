"""ERPNext deletes the transactions of a company on request: what was said of them goes, what was agreed and set up stays."""

import frappe
import pytest
from frappe.utils import getdate, nowdate

from client_ledger.accounts.compute import FigureSource
from client_ledger.accounts.verify import check_accounts
from client_ledger.archive.chain import chain_company
from client_ledger.statement_runs import api
from tests.bench.collections.setting import overdue
from tests.bench.dunning.setting import COMPANY, make_policy, work
from tests.bench.dunning.smtp import flush
from tests.bench.home_books import dispute, promise
from tests.bench.statements.setting import make_schedule

pytestmark = pytest.mark.every_version
CUSTOMER = "Deletion Debtor"
# What people have set up or agreed for a company, as ERPNext keeps accounts, customers and POS profiles.
KEPT = (
	"Dunning Policy",
	"Statement Schedule",
	"Credit Scorecard",
	"Collector Team",
	"Credit Rule",
	"Credit Limit",
)
GONE = (
	"Client Account",
	"Customer Statement",
	"Ledger Notice",
	"Promise to Pay",
	"Ledger Dispute",
	"Guest Link",
)


def counts(doctypes) -> dict[str, int]:
	found = {}
	for doctype in doctypes:
		fields = frappe.get_all(
			"DocField", {"parent": doctype, "fieldtype": "Link", "options": "Company"}, pluck="fieldname"
		)
		found[doctype] = frappe.db.count(doctype, {fields[0]: COMPANY})
	return found


def orphans() -> list[str]:
	"""Return rows of ours whose document is gone."""
	found = []
	for table in frappe.get_all("DocType", {"module": "Client Ledger", "istable": 1}, pluck="name"):
		for row in frappe.get_all(table, fields=["name", "parent", "parenttype"]):
			if not frappe.db.exists(row.parenttype, row.parent):
				found.append(f"{table} of {row.parenttype}")
	return sorted(set(found))


@pytest.fixture
def deletion():
	"""Version 16 notes in the cache what is being deleted."""
	yield
	frappe.cache.delete_keys("deletion_running_doctype:")


def delete_transactions() -> None:
	record = frappe.get_doc({"doctype": "Transaction Deletion Record", "company": COMPANY}).insert()
	if hasattr(record, "generate_to_delete_list"):
		record.generate_to_delete_list()
		record.reload()
	record.process_in_single_transaction = 1
	record.submit()
	if record.status == "Queued":
		# Version 15 waits for its button.
		record.start_deletion_tasks()
	record.reload()
	assert record.status == "Completed", record.get("error_log")


@pytest.fixture
def used(mailbox):
	"""A company where all of it was used, with a mail of a reminder and one of a statement still in the queue."""
	overdue(CUSTOMER, 500, 300)
	make_policy(customers=(CUSTOMER,))
	make_schedule("Deletion Schedule", (CUSTOMER,))
	team = frappe.new_doc("Collector Team")
	team.update({"team_name": "Deletion Team", "for_company": COMPANY})
	team.append("members", {"user": "Administrator"})
	team.append("scopes", {"applies_to": "Customer", "customer": CUSTOMER})
	team.insert()
	limit = frappe.new_doc("Credit Limit")
	limit.update(
		{
			"customer": CUSTOMER,
			"company": COMPANY,
			"limit_type": "Permanent",
			"amount": 900,
			"reason": "x",
			"valid_from": nowdate(),
		}
	)
	limit.insert()
	promise(CUSTOMER, COMPANY, 100, 0)
	dispute(CUSTOMER, COMPANY, 50)
	work()
	api.send_statement(CUSTOMER, COMPANY)
	chain_company(COMPANY)
	return mailbox


def test_what_was_said_of_deleted_transactions_goes_and_what_was_agreed_stays(used, deletion):
	before, archived = counts(KEPT), frappe.db.count("Ledger Archive", {"company": COMPANY})
	assert frappe.db.count("Email Queue", {"reference_doctype": "Ledger Notice", "status": "Not Sent"})
	assert before["Dunning Policy"] and before["Statement Schedule"] and before["Credit Limit"]
	delete_transactions()
	assert not frappe.db.count("Sales Invoice", {"company": COMPANY})
	assert counts(KEPT) == before
	assert not any(counts(GONE).values()), counts(GONE)
	assert orphans() == []
	assert frappe.db.count("Ledger Archive", {"company": COMPANY}) == archived
	# Nothing goes out about what is not there any more, and the next day has nothing to say.
	flush()
	assert not used.received
	work(1)
	flush()
	assert not used.received
	findings = check_accounts(FigureSource.of_site(getdate()), [CUSTOMER])
	assert not findings.mismatches and not findings.missing and not findings.untied
