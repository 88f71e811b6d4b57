"""Bad input is refused when a policy is saved, with its row; renames, mergers and deletions keep the keys."""

import frappe
import pytest
from frappe.utils import getdate

from client_ledger.dunning.letters.render import check_template, rendered
from client_ledger.dunning.letters.template_values import sample
from client_ledger.dunning.planning.notice_writer import plan_customers
from client_ledger.dunning.policies.default_policies import LANGUAGES, NAMES, read_letter
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notice, notices, work
from tests.bench.dunning.smtp import flush


def template(text: str, name: str = "Broken Text") -> str:
	if frappe.db.exists("Email Template", name):
		frappe.delete_doc("Email Template", name, force=True)
	row = {"doctype": "Email Template", "subject": "Subject", "use_html": 1, "response_html": text}
	return frappe.get_doc(row).insert(set_name=name).name


@pytest.mark.parametrize(
	("steps", "fields", "words"),
	[
		([{"days": 5}, {"days": 3}], {}, "Row 2"),
		([{"days": 5}, {"days": 5}], {}, "Row 2"),
		([{"days": 5}, {"days": 9, "wait_days": 0}], {}, "Row 2"),
		([{"days": 5, "minimum_amount": -1}], {}, "Row 1"),
		([{"days": -2, "formal": 1}, {"days": 5}], {}, "Row 1"),
		([{"days": 5, "channel": "Referral"}], {}, "Row 1"),
		([{"days": 5, "cc": "books@lantern.example, nobody"}], {}, "nobody"),
		([{"days": 5}, {"days": 9, "cc": "no address"}], {}, "Row 2"),
		([{"days": 5, "email_template": None}], {}, "Row 1"),
		([{"days": 5}, {"days": 9, "channel": "Referral"}], {}, "Row 2"),
		([], {}, "at least one step"),
		([{"days": 5}], {"reply_to": "not an address"}, "not a valid email address"),
		([{"days": 5}], {"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
		([{"days": 5}], {"opens": "18:00:00", "closes": "08:00:00"}, "before"),
		([{"days": 5}], {"gap": 0}, "at least 1"),
		([{"days": 5}], {"budget_contacts": 2, "budget_days": 0}, "at least 1"),
	],
)
def test_refused(steps, fields, words):
	f.make_company()
	with pytest.raises((frappe.ValidationError, frappe.MandatoryError)) as error:
		make_policy("Refused", steps, **fields)
	assert words in str(error.value) or (not steps and isinstance(error.value, frappe.MandatoryError))


@pytest.mark.parametrize(
	"text", ["{{ custmer_name }}", "{{ money(total }}", "{% if %}", "{{ items.nothing.more }}", "  "]
)
def test_a_broken_placeholder_is_refused_with_its_row(text):
	f.make_company()
	with pytest.raises(frappe.ValidationError) as error:
		name = template(text)
		make_policy("Broken", [{"days": 3}, {"days": 10, "email_template": name}])
	assert (
		"Row 2" in str(error.value)
		or "Template" in type(error.value).__name__
		or "Syntax" in str(error.value)
	)


def test_texts_of_unknown_languages_and_steps_are_refused():
	make_policy("Texts")
	for row, words in (
		({"step": 1, "language": "xx-none", "email_template": "Client Ledger: Reminder (en)"}, "xx-none"),
		({"step": 9, "language": "en", "email_template": "Client Ledger: Reminder (en)"}, "Step 9"),
		({"step": 1, "language": "en", "email_template": "Nothing"}, "Nothing"),
	):
		policy = frappe.get_doc("Dunning Policy", "Texts")
		policy.append("texts", row)
		with pytest.raises(frappe.ValidationError) as error:
			policy.save()
		assert str(error.value).replace("#", "").find("Row 1") >= 0 and words in str(error.value)


def test_two_defaults_are_refused():
	f.make_company()
	make_policy("First Default", is_default=1)
	with pytest.raises(frappe.ValidationError) as error:
		make_policy("Second Default", is_default=1)
	assert "First Default" in str(error.value)
	make_policy("Switched Off", is_default=1, mode="Off")


def test_two_policies_for_the_same_customer_are_refused():
	make_debtor("Policy Ada")
	make_policy("For Ada", customers=["Policy Ada"])
	with pytest.raises(frappe.ValidationError) as error:
		make_policy("For Ada Too", customers=["Policy Ada"])
	assert "Row 1" in str(error.value) and "For Ada" in str(error.value)
	with pytest.raises(frappe.ValidationError):
		make_policy("Twice", customers=["Policy Ada", "Policy Ada"], mode="Off")


def test_only_what_matters_makes_a_new_version():
	policy = make_policy("Versions")
	assert policy.version == 1
	for field, value in (("description", "Words"), ("mode", "Approve")):
		policy.set(field, value)
		policy.save()
	assert frappe.get_doc("Dunning Policy", "Versions").save().version == 1
	policy.reload()
	policy.steps[1].wait_days = 9
	assert policy.save().version == 2


@pytest.mark.parametrize("letter", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_letters_read_well(letter, language):
	subject, text = read_letter(letter, language)
	values = sample(language)
	written = rendered(text, values, is_html=True)
	assert rendered(subject, values, is_html=False)
	assert "{{" not in written and "None" not in written


FORBIDDEN = (
	"{{ frappe.db.sql('select 1') }}",
	"{{ frappe.get_doc('User', 'Administrator').email }}",
	"{{ frappe.session.user }}",
	"{% set f = frappe %}{{ f.db.sql('select 1') }}",
	"{{ _('Text') }}",
	"{{ doc.name }}",
	"{{ ''.__class__.__mro__ }}",
	"{{ items.append(1) }}",
	"{{ customer_name.format(1) }}",
	"{{ total|attr('real') }}",
	"{{ range(9) }}",
	"{% include 'templates/emails/standard.html' %}",
)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_template_names_only_what_the_docs_name(text):
	f.make_company()
	name = template(text)
	assert "available" in (check_template(name) or "")
	with pytest.raises(frappe.ValidationError, match="Row 2"):
		make_policy("Broken", [{"days": 3}, {"days": 10, "email_template": name}])


def test_a_name_of_a_customer_is_text_in_its_letter():
	values = {**sample("en"), "customer_name": "<img src=x onerror=alert(1)>"}
	assert "<img" not in rendered("{{ customer_name }}", values, is_html=True)
	assert "<table" in rendered("{{ items_table }}", values, is_html=True)


def test_a_block_that_never_holds_is_refused():
	make_debtor("Policy Ada")
	row = {"doctype": "Dunning Block", "customer": "Policy Ada", "reason": "Dispute"}
	for fields in (
		{"from_date": ago(0), "until": ago(1)},
		{"reason": "Promise to Pay", "from_date": ago(0)},
		{"reason": "Other", "from_date": ago(0)},
	):
		with pytest.raises((frappe.ValidationError, frappe.MandatoryError)):
			frappe.get_doc({**row, **fields}).insert()


def test_a_notice_cannot_be_made_or_changed_by_hand(mailbox):
	make_debtor("Policy Ada")
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc({"doctype": "Ledger Notice", "customer": "Policy Ada", "company": COMPANY}).insert()


def test_a_renamed_customer_is_not_written_to_again(mailbox):
	make_debtor("Rename Before")
	f.make_invoice("Rename Before", 100, ago(40), due_date=ago(10))
	make_policy(customers=["Rename Before"])
	work()
	flush()
	work(0, 11)
	before = notice("Rename Before").notice_key
	frappe.rename_doc("Customer", "Rename Before", "Rename After", force=True)
	row = notice("Rename After")
	assert row.notice_key != before
	work(0, 12)
	assert len(notices("Rename After")) == 1
	work(1)
	assert len(notices("Rename After")) == 1 and len(mailbox.received) == 1


def test_merged_customers_are_written_to_as_one(mailbox):
	for name in ("Merge Old", "Merge New"):
		make_debtor(name, None)
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	make_policy(customers=["Merge Old"], title="Old's", mode="Approve")
	make_policy(customers=["Merge New"], title="New's", mode="Approve")
	work()
	frappe.db.set_value("Dunning Policy Scope", {"customer": "Merge Old"}, "customer", None)
	frappe.rename_doc("Customer", "Merge Old", "Merge New", merge=True, force=True)
	rows = notices("Merge New")
	assert len({row.notice_key for row in rows}) == len(rows)
	assert [row for row in rows if row.open_key] == []
	plan_customers(COMPANY, ["Merge New"], getdate())
	rows = notices("Merge New")
	assert len({row.notice_key for row in rows}) == len(rows)
	(planned,) = (row for row in rows if row.open_key)
	assert (planned.policy, planned.total) == ("New's", 200)


def test_a_policy_that_wrote_to_customers_stays(mailbox):
	make_debtor("Policy Ada")
	f.make_invoice("Policy Ada", 100, ago(40), due_date=ago(10))
	policy = make_policy(customers=["Policy Ada"])
	work()
	with pytest.raises(frappe.ValidationError):
		policy.delete()


def test_chosen_by_name_grade_segment_group_and_company():
	from client_ledger.dunning.policies.read import SitePolicies

	make_debtor("Choice Ada")
	group = frappe.db.get_value("Customer", "Choice Ada", "customer_group")
	make_policy("By Company", is_default=1)

	def chosen() -> str:
		return SitePolicies.of_site().of_customers(["Choice Ada"], (COMPANY,))["Choice Ada", COMPANY].name

	assert chosen() == "By Company"
	by_group = make_policy("By Group")
	by_group.append("scopes", {"applies_to": "Customer Group", "customer_group": group})
	by_group.save()
	assert chosen() == "By Group"
	f.make_invoice("Choice Ada", 10)
	refresh()
	account = {"customer": "Choice Ada", "company": COMPANY}
	for scope, field, value in (
		({"applies_to": "Segment", "segment": "Chronically Late"}, "behaviour_segment", "Chronically Late"),
		({"applies_to": "Credit Grade", "grade": "D"}, "credit_grade", "D"),
	):
		frappe.db.set_value("Client Account", account, field, value)
		policy = make_policy(f"By {scope['applies_to']}")
		policy.append("scopes", scope)
		policy.save()
		assert chosen() == policy.name
	make_policy("By Name", customers=["Choice Ada"])
	assert chosen() == "By Name"
