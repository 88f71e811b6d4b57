"""Two people who answer at the same moment, in processes of their own: one answer counts, and neither is lost."""

import os
import subprocess
import sys
import time
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.confirmations import rounds
from client_ledger.site.doctypes import BALANCE_CONFIRMATION
from tests.bench import factories as f
from tests.bench.confirmations.setting import AS_OF, confirmation, make_round, replies_of

CHECKOUT = Path(__file__).parents[3]
PEOPLE = 4
ANSWERING = """
import sys, time
from decimal import Decimal
import frappe
site, name, moment, person = sys.argv[1:]
frappe.init(site=site)
frappe.connect()
frappe.set_user("Guest")
from client_ledger.confirmations import replies
from client_ledger.confirmations.replies import Given, ReplySource
from client_ledger.core.confirmations.answers import Answer
from client_ledger.site.jobs import again_after_a_lock
# A view of the data from before the others have answered, as a request has it that looked at its link first.
frappe.db.sql("select name from `tabBalance Confirmation`")
time.sleep(max(float(moment) - time.time(), 0))
given = Given(Answer.OTHER_BALANCE, f"Person {person}", balance=Decimal(person))
again_after_a_lock(lambda: replies.take(name, given, ReplySource("Link")))
frappe.db.commit()
"""


@pytest.fixture(scope="module")
def asked_customer(scratch_site, kept_schema) -> str:
	f.make_company()
	f.make_invoice(f.make_customer("At Once").name, 100, add_days(AS_OF, -10))
	rounds.plan(make_round(["At Once"], plan=False).name)
	frappe.db.commit()
	return confirmation("At Once").name


def test_one_answer_counts_and_none_is_lost(asked_customer):
	moment = str(time.time() + 8)
	environment = {**os.environ, "PYTHONPATH": f"{CHECKOUT}:{os.environ.get('PYTHONPATH', '')}"}
	running = [
		subprocess.Popen(
			[
				sys.executable,
				"-W",
				"ignore",
				"-c",
				ANSWERING,
				frappe.local.site,
				asked_customer,
				moment,
				str(person),
			],
			env=environment,
			cwd=os.environ["SITES_PATH"],
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
		)
		for person in range(1, PEOPLE + 1)
	]
	for process in running:
		output, _none = process.communicate(timeout=120)
		assert process.returncode == 0, output
	frappe.db.rollback()
	doc = frappe.get_doc(BALANCE_CONFIRMATION, asked_customer)
	found = replies_of(doc)
	assert len(found) == PEOPLE == doc.replies and nowdate()
	(counted,) = [reply for reply in found if reply.state == "Counted"]
	assert {reply.state for reply in found} == {"Counted", "Not Counted"}
	assert (doc.reply, doc.replied_by, doc.stated_balance) == (
		counted.name,
		counted.declared_name,
		counted.balance,
	)
	assert doc.status == "Differences"
