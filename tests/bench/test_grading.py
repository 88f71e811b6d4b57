"""Grading on a site: assessed where something changed, recomputed at any time, overridden for a while."""

import json

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, add_months, get_first_day, getdate, nowdate

from client_ledger.client_ledger.doctype.credit_assessment.credit_assessment import recompute
from client_ledger.core.credit.histogram import expect, learn
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.credit import api as credit_api
from client_ledger.credit.grades import assessments, scorecards
from client_ledger.credit.grades.in_force import grade_in_force, update_all_grades
from client_ledger.credit.grades.snapshots import take_month_ends, validation
from client_ledger.credit.grades.trade import calendar_of, trade_lines
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.ledger_tab import api
from client_ledger.patches.v0_2 import renew_default_scorecards
from tests.bench import factories as f
from tests.bench.accounts import account

CONTROLLER, MANAGER, SELLER = (f"grading.{n}@example.com" for n in ("controller", "manager", "seller"))
TODAY = getdate(nowdate())


@pytest.fixture(autouse=True)
def people():
	frappe.cache.delete_key("workflow")
	f.make_user(CONTROLLER, ("Credit Controller", "Sales User"))
	f.make_user(MANAGER, ("Credit Manager", "Sales User"))
	f.make_user(SELLER, ("Sales User",))


def payer(name: str, late: int, number: int = 6, unpaid: int = 0) -> str:
	"""A customer that pays its invoices *late* days after they were due; *unpaid* ones are long overdue."""
	f.make_customer(name)
	for i in range(number):
		day = add_days(TODAY, -200 + 20 * i)
		invoice = f.make_invoice(name, 100 + i, day, due_date=add_days(day, 10))
		f.pay(invoice, add_days(day, 10 + late))
	for _ in range(unpaid):
		f.make_invoice(name, 500, add_days(TODAY, -150), due_date=add_days(TODAY, -120))
	return name


def accounts_of(*names: str) -> None:
	from client_ledger.accounts.refresh import refresh_customers

	assert not refresh_customers(list(names))


def assessment(name: str):
	return frappe.get_doc(
		"Credit Assessment", {"customer": name, "company": f.COMPANY, "status": "Active", "docstatus": 1}
	)


def site():
	return scorecards.active_scorecard(f.COMPANY)


def test_the_shipped_scorecard_is_the_cores_and_active():
	found = site()
	assert found.scorecard.with_version("1") == Scorecard()
	assert found.valid_days == 90
	grades = frappe.get_all("Credit Grade", order_by="sequence", pluck="name")
	assert grades == ["A", "B", "C", "D", "E", "Unrated"]


def test_grades_reach_the_account_with_points_and_reasons():
	good, bad, new = payer("Good Payer", 0), payer("Never Payer", 0, 0, 2), f.make_customer("New One").name
	f.make_invoice(new, 10)
	accounts_of(good, bad, new)
	assessments.assess_all(TODAY)
	grades = {name: account(name).credit_grade for name in (good, bad, new)}
	assert grades[good] in "AB" and grades[bad] == "E" and grades[new] == "Unrated"
	doc = assessment(good)
	assert doc.score == pytest.approx(sum(row.points for row in doc.factors), abs=0.01)
	assert all(row.reason for row in doc.factors) and len(doc.factors) == 7
	assert doc.docstatus == 1 and doc.settled == 6 and account(good).credit_assessment == doc.name
	# E by its points already: no cap has to say so, the factors do.
	why = [assessment(bad).reasons, *(row.reason for row in assessment(bad).factors)]
	assert assessment(bad).scored_grade == "E"
	assert any("paid" in text.lower() or "settled" in text.lower() for text in why if text), why
	assert doc.lifts if doc.grade != "A" else not doc.lifts


def with_old_item(name: str, amount: float) -> str:
	"""A customer that paid twelve invoices of 1,000 on time, and has one of *amount* a hundred days past due."""
	f.make_customer(name)
	for i in range(12):
		day = add_days(TODAY, -330 + 20 * i)
		f.pay(f.make_invoice(name, 1000, day, due_date=add_days(day, 10)), add_days(day, 10))
	f.make_invoice(name, amount, add_days(TODAY, -130), due_date=add_days(TODAY, -100))
	f.make_invoice(name, 2000, add_days(TODAY, -10), due_date=add_days(TODAY, 20))
	return name


def test_an_old_item_takes_one_grade_where_it_is_material_and_says_so():
	crumb, debt = with_old_item("Crumb", 50), with_old_item("Debt", 900)
	accounts_of(crumb, debt)
	assessments.assess_all(TODAY)
	found = {name: assessment(name) for name in (crumb, debt)}
	assert found[crumb].grade == found[crumb].scored_grade and not found[crumb].reasons
	grades = site().scorecard.grades
	assert found[debt].grade == grades[grades.index(found[debt].scored_grade) + 1] != "E"
	assert "One grade lower" in found[debt].reasons and "100 days" in found[debt].reasons
	assert "31%" in found[debt].reasons
	frappe.local.lang = "zh"
	try:
		found[debt].run_method("onload")
	finally:
		frappe.local.lang = "en"
	assert "下调一级" in found[debt].get("__onload")["in_words"]["caps"][0]


def test_what_is_material_stands_on_the_scorecard():
	debt = with_old_item("Debt", 900)
	accounts_of(debt)
	stricter = frappe.copy_doc(frappe.get_doc("Credit Scorecard", site().name))
	assert (stricter.cap_balance_percent, stricter.cap_sales_percent) == (10, 1)
	stricter.cap_balance_percent = 40
	stricter.insert()
	stricter.submit()
	assessments.assess_all(TODAY)
	assert assessment(debt).grade == assessment(debt).scored_grade
	stricter = frappe.copy_doc(stricter)
	stricter.cap_sales_percent = 101
	with pytest.raises(frappe.ValidationError):
		stricter.insert()


def shipped_before() -> "frappe.Document":
	"""The scorecard that version 0.1 shipped, in force."""
	doc = frappe.get_doc({"doctype": "Credit Scorecard", "title": "Standard", "company": ""})
	for table, rows in renew_default_scorecards.SHIPPED.items():
		for row in rows:
			doc.append(table, dict(zip(renew_default_scorecards.COLUMNS[table], row, strict=True)))
	doc.update(renew_default_scorecards.SETTINGS)
	return doc


def test_untouched_default_scorecards_are_renewed_and_changed_ones_stay():
	old = shipped_before().insert()
	old.submit()
	renew_default_scorecards.execute()
	renewed = frappe.get_doc("Credit Scorecard", site().name)
	assert renewed.name != old.name and site().scorecard.with_version("1") == Scorecard()
	assert frappe.db.get_value("Credit Scorecard", old.name, "status") == "Replaced"
	renew_default_scorecards.execute()
	assert site().name == renewed.name
	changed = shipped_before()
	changed.bands[0].minimum = changed.bands[1].maximum = 90
	changed.insert()
	changed.submit()
	renew_default_scorecards.execute()
	assert site().name == changed.name


def test_the_night_makes_assessments_only_where_something_changed():
	good, late = payer("Good Payer", 0), payer("Late Payer", 20)
	accounts_of(good, late)
	first = assessments.assess_all(TODAY)
	assert first["changed"] >= 2
	assert assessments.assess_all(TODAY)["changed"] == 0
	f.make_invoice(late, 900, add_days(TODAY, -150), due_date=add_days(TODAY, -100))
	before = assessment(late).name
	assert assessments.assess_all(TODAY)["changed"] == 1
	after = assessment(late)
	assert after.grade in "DE" and after.name != before and after.previous_grade
	assert frappe.db.get_value("Credit Assessment", before, "status") == "Replaced"
	assert frappe.db.count("Credit Assessment", {"customer": late, "status": "Active"}) == 1


def test_an_assessment_that_expires_is_made_again_and_a_new_scorecard_grades_everybody_again():
	good = payer("Good Payer", 0)
	accounts_of(good)
	assessments.assess_all(TODAY)
	before = assessment(good)
	frappe.db.set_value("Credit Assessment", before.name, "valid_to", TODAY)
	assessments.assess_all(TODAY)
	again = assessment(good)
	assert again.name != before.name and getdate(again.valid_to) == getdate(add_days(TODAY, 90))
	amended = frappe.copy_doc(frappe.get_doc("Credit Scorecard", site().name))
	amended.bands[0].minimum = amended.bands[1].maximum = 99
	amended.insert()
	amended.submit()
	assert site().name == amended.name
	assert frappe.db.get_value("Credit Scorecard", before.scorecard, "status") == "Replaced"
	assessments.assess_all(TODAY)
	assert assessment(good).scorecard == amended.name


def test_recompute_gives_the_same_however_old_and_says_so_if_not():
	good = payer("Good Payer", 3)
	accounts_of(good)
	assessments.assess_all(TODAY)
	doc = assessment(good)
	assert recompute(doc.name) == {
		"identical": True,
		"grade": doc.grade,
		"score": pytest.approx(doc.score),
		"differences": {},
	}
	stored = json.loads(doc.stored)
	stored["result"]["score"] = 99.0
	frappe.db.set_value("Credit Assessment", doc.name, "stored", json.dumps(stored))
	assert recompute(doc.name)["differences"]["score"] == [99.0, pytest.approx(doc.score)]
	frappe.db.set_value(
		"Credit Assessment", doc.name, {"stored": doc.stored, "grade": "A" if doc.grade != "A" else "B"}
	)
	assert not recompute(doc.name)["identical"]
	frappe.db.set_value("Credit Assessment", doc.name, "stored", "{}")
	with pytest.raises(frappe.ValidationError, match=doc.name):
		recompute(doc.name)


def test_nobody_types_an_assessment_in_or_changes_one():
	good = payer("Good Payer", 0)
	accounts_of(good)
	assessments.assess_all(TODAY)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(
			{
				"doctype": "Credit Assessment",
				"customer": good,
				"company": f.COMPANY,
				"as_of": TODAY,
				"grade": "A",
			}
		).insert()
	doc = assessment(good)
	doc.grade = "C"
	with pytest.raises(frappe.PermissionError):
		doc.save()


def test_assessing_by_hand_takes_the_role_and_the_customer():
	good = payer("Good Payer", 0)
	accounts_of(good)
	frappe.set_user(SELLER)
	with pytest.raises(frappe.PermissionError):
		credit_api.assess_now(good, f.COMPANY)
	frappe.set_user(CONTROLLER)
	name = credit_api.assess_now(good, f.COMPANY)
	doc = frappe.get_doc("Credit Assessment", name)
	assert (doc.source, doc.owner, doc.docstatus) == ("Manual", CONTROLLER, 1)
	assert account(good).credit_assessment == name


def test_cancelling_an_assessment_brings_the_one_before_back():
	good = payer("Good Payer", 0)
	accounts_of(good)
	assessments.assess_all(TODAY)
	before = assessment(good).name
	name = assessments.assess_now(good, f.COMPANY, TODAY)
	frappe.set_user(MANAGER)
	frappe.get_doc("Credit Assessment", name).cancel()
	assert assessment(good).name == before == account(good).credit_assessment


def test_an_override_holds_until_its_day_and_is_approved_by_another():
	bad = payer("Never Payer", 0, 0, 2)
	accounts_of(bad)
	assessments.assess_all(TODAY)
	second = f.make_user("grading.second@example.com", ("Credit Manager", "Sales User")).name
	frappe.set_user(MANAGER)
	values = {"customer": bad, "company": f.COMPANY, "grade": "B", "reason": "Parent pays"}
	doc = frappe.get_doc(
		{"doctype": "Credit Grade Override", **values, "valid_to": add_days(TODAY, 5)}
	).insert()
	assert doc.assessed_grade == "E"
	apply_workflow(doc, "Request Approval")
	with pytest.raises(Exception, match=r"(?i)not allowed|not a valid|transition|requested"):
		apply_workflow(frappe.get_doc(doc.doctype, doc.name), "Approve")
	frappe.set_user(second)
	apply_workflow(frappe.get_doc(doc.doctype, doc.name), "Approve")
	frappe.set_user("Administrator")
	assert (account(bad).credit_grade, account(bad).grade_source) == ("B", "Override")
	assert grade_in_force(bad, f.COMPANY, getdate(add_days(TODAY, 5))).grade == "B"
	assert grade_in_force(bad, f.COMPANY, getdate(add_days(TODAY, 6))).grade == "E"
	update_all_grades(f.COMPANY, getdate(add_days(TODAY, 6)))
	assert account(bad).credit_grade == "E"


@pytest.mark.parametrize(
	("fields", "text"), [({"valid_to": "2000-01-01"}, "before"), ({"grade": "Unrated"}, "Unrated")]
)
def test_bad_overrides_are_refused(fields, text):
	name = f.make_customer("Some Customer").name
	values = {
		"customer": name,
		"company": f.COMPANY,
		"grade": "B",
		"reason": "x",
		"valid_to": add_days(TODAY, 5),
	}
	with pytest.raises(frappe.ValidationError, match=text):
		frappe.get_doc({"doctype": "Credit Grade Override", **values, **fields}).insert()


def test_a_reference_caps_the_grade_while_it_is_valid():
	good = payer("Good Payer", 0)
	accounts_of(good)
	assessments.assess_all(TODAY)
	assessed = account(good).credit_grade
	reference = frappe.get_doc(
		{
			"doctype": "Credit Reference",
			"customer": good,
			"company": f.COMPANY,
			"reference_type": "Agency Rating",
			"provider": "Collection Agency",
			"grade_cap": "D",
			"valid_to": add_days(TODAY, 3),
		}
	).insert()
	assert (account(good).credit_grade, account(good).grade_source) == ("D", "Reference")
	assert grade_in_force(good, f.COMPANY, getdate(add_days(TODAY, 4))).grade == assessed
	reference.delete()
	assert account(good).credit_grade == assessed


def test_month_ends_are_stored_once_and_scored_after_ninety_days():
	for i, late in enumerate((0, 0, 3, 30, 45)):
		payer(f"Payer {i}", late, 8)
	day = getdate(get_first_day(add_months(TODAY, -4)))
	taken = take_month_ends(day)
	assert taken[f.COMPANY] >= 1
	assert f.COMPANY not in take_month_ends(day)
	found = validation(f.COMPANY, TODAY)
	assert found.assessments > 0 and found.verdict == "too_few"
	snapshot = frappe.get_last_doc("Credit Snapshot")
	assert json.loads(snapshot.inputs)["as_of"] == str(snapshot.as_of)
	snapshot.grade = "A"
	with pytest.raises(frappe.PermissionError):
		snapshot.save()


@pytest.mark.parametrize(
	("change", "text"),
	[
		(lambda d: d.factors[0].update({"weight": 14}), "99"),
		(lambda d: d.factors[1].update({"curve": "0: 1, x: 2"}), "point 2"),
		(lambda d: d.bands[1].update({"maximum": 90}), "row 2"),
		(lambda d: d.bands[1].update({"maximum": 80}), "row 2"),
		(lambda d: d.factors.pop(), "95"),
		(lambda d: d.factors[1].update({"measure": "moon_phase"}), "row 2.*moon_phase"),
	],
)
def test_bad_scorecards_are_refused_naming_the_row(change, text):
	doc = frappe.copy_doc(frappe.get_doc("Credit Scorecard", site().name))
	change(doc)
	with pytest.raises(frappe.ValidationError, match=text):
		doc.insert()


def test_the_scorecard_in_force_cannot_be_cancelled():
	with pytest.raises(frappe.ValidationError):
		frappe.get_doc("Credit Scorecard", site().name).cancel()


def test_trade_lines_are_the_settlements():
	"""What is summed up in the database is what the entries say, one by one."""
	payer("Good Payer", 0), payer("Late Payer", 20), payer("Never Payer", 0, 0, 2)
	invoice = f.make_invoice("Late Payer", 300, add_days(TODAY, -60), due_date=add_days(TODAY, -50))
	for days in (40, 30, 20):
		f.pay(invoice, add_days(TODAY, -days), 100)
	note = f.make_invoice("Good Payer", 80, add_days(TODAY, -30))
	f.make_credit_note(note.name, 30)
	names = ("Good Payer", "Late Payer", "Never Payer")
	slow = {
		s.invoice.name: (s.settled_on, float(s.outstanding) if s.settled_on is None else 0.0)
		for s in site_ledger().settlements(Scope((f.COMPANY,), names), TODAY)
	}
	fast = {
		line.reference: (line.settled_on, line.outstanding) for line in trade_lines(f.COMPANY, TODAY, names)
	}
	assert fast == slow and len(fast) == 16


def test_a_customer_that_cannot_be_assessed_is_logged_and_holds_up_no_other(monkeypatch):
	good, bad = payer("Good Payer", 0), payer("Late Payer", 20)
	accounts_of(good, bad)
	real_assess, real_insert = assessments.assess, assessments.bulk_insert

	def failing(inputs, scorecard):
		if inputs.average_days_late > 5:
			raise ZeroDivisionError("a broken figure")
		return real_assess(inputs, scorecard)

	monkeypatch.setattr(assessments, "assess", failing)
	assessments.assess_all(TODAY)
	assert account(good).credit_grade in "AB" and not account(bad).credit_assessment
	(log,) = frappe.get_all("Error Log", {"method": f"Credit Assessment not made: {bad}"}, ["error"])
	assert "a broken figure" in log.error

	def refusing(doctype, rows):
		if any(row.get("customer") == good for row in rows):
			raise frappe.ValidationError("the database refuses")
		return real_insert(doctype, rows)

	monkeypatch.setattr(assessments, "assess", real_assess)
	monkeypatch.setattr(assessments, "bulk_insert", refusing)
	before = assessment(good).name
	frappe.db.set_value("Credit Assessment", before, "valid_to", TODAY)
	assessments.assess_all(TODAY)
	assert account(bad).credit_assessment and assessment(good).name == before
	assert frappe.db.exists("Error Log", {"method": f"Credit Assessment not made: {good}"})


def test_open_items_say_when_they_are_expected():
	late, punctual = payer("Late Payer", 20, 8), payer("Good Payer", 0, 8)
	invoices = {
		name: f.make_invoice(name, 900, add_days(TODAY, -5), due_date=add_days(TODAY, 9)).name
		for name in (late, punctual)
	}
	accounts_of(late, punctual)

	def expected(name, as_of=None):
		lines = api.customer_ledger_page(name, f.COMPANY, as_of, open_only=True)["lines"]
		return {line["name"]: line["expected"] for line in lines}

	assert expected(late) == {invoices[late]: None}
	assessments.assess_all(TODAY)
	found = {name: expected(name)[invoices[name]] for name in (late, punctual)}
	for name, row in found.items():
		assert row["earliest"] <= row["date"] <= row["latest"] and row["confidence"] == "normal", name
		assert row["earliest"] > str(TODAY)
	assert found[punctual]["date"] < found[late]["date"]
	assert found[punctual]["p_late"] < 0.5 < found[late]["p_late"]
	assert expected(late, str(add_days(TODAY, -3)))[invoices[late]] is None
	ours = learn(trade_lines(f.COMPANY, TODAY), TODAY, site().scorecard.settings.histogram()).of(late)
	due = calendar_of(f.COMPANY).effective(getdate(add_days(TODAY, 9)))
	assert found[late]["date"] == str(expect(ours, due, TODAY).expected)


def test_what_is_usual_is_kept_once_per_company_and_never_typed_in():
	accounts_of(payer("Late Payer", 20))
	for _ in range(2):
		assessments.assess_all(TODAY)
	(name,) = frappe.get_all("Payment Pattern", {"company": f.COMPANY}, pluck="name")
	doc = frappe.get_doc("Payment Pattern", name)
	assert doc.payments >= 6 and sum(json.loads(doc.shares).values()) == pytest.approx(1)
	with pytest.raises(frappe.PermissionError):
		doc.save()
	frappe.set_user(SELLER)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Payment Pattern", name).check_permission("read")


def test_the_form_has_the_reasons_in_the_readers_language_and_the_grades_until_now():
	good = payer("Good Payer", 3)
	accounts_of(good)
	assessments.assess_all(TODAY)
	first = assessment(good).name
	second = assessments.assess_now(good, f.COMPANY, TODAY)
	doc = frappe.get_doc("Credit Assessment", second)
	doc.run_method("onload")
	loaded = doc.get("__onload")
	assert [row["name"] for row in loaded["trend"]][-2:] in ([first, second], [second, first])
	said = loaded["in_words"]
	assert [row["reason"] for row in said["factors"]] == [row.reason for row in doc.factors]
	frappe.local.lang = "zh"
	try:
		doc.run_method("onload")
	finally:
		frappe.local.lang = "en"
	reasons = [row["reason"] for row in doc.get("__onload")["in_words"]["factors"]]
	assert all(any("\u4e00" <= letter <= "\u9fff" for letter in reason) for reason in reasons)
	frappe.db.set_value("Credit Assessment", second, "stored", "{}")
	doc.run_method("onload")
	assert doc.get("__onload")["in_words"] is None


def test_merged_customers_have_one_assessment_in_force():
	good, other = payer("Good Payer", 0), payer("Other Payer", 0)
	accounts_of(good, other)
	assessments.assess_all(TODAY)
	frappe.db.set_value("Credit Assessment", assessment(other).name, "customer", good)
	name = assessments.assess_now(good, f.COMPANY, TODAY)
	found = frappe.get_all("Credit Assessment", {"customer": good, "status": "Active"}, pluck="name")
	assert found == [name]


def test_assessments_go_with_a_customer_that_has_no_ledger():
	name = f.make_customer("Passing By").name
	good = payer("Good Payer", 0)
	inputs = assessments.measure_all(f.COMPANY, site(), TODAY)[good]
	made = assessments.assess(inputs, site().scorecard)
	(assessed,) = assessments.insert_assessments(f.COMPANY, site(), [(name, inputs, made)], {}, TODAY)
	frappe.delete_doc("Customer", name)
	assert not frappe.db.exists("Credit Assessment", assessed)
	assert not frappe.db.exists("Credit Assessment Factor", {"parent": assessed})


def test_what_is_left_of_an_invoice_in_another_currency_is_no_small_rest():
	"""A tenth of an invoice in a strong currency is a tenth, however large its amount in the company's currency."""
	name = f.make_customer("Abroad", currency="EUR", companies=(f.COMPANY,)).name
	invoice = f.make_invoice(name, 1000, add_days(TODAY, -100), rate=150)
	f.pay(invoice, add_days(TODAY, -20), 700)
	(line,) = trade_lines(f.COMPANY, TODAY, [name])
	assert line.outstanding == pytest.approx(0.3 * line.amount) and not line.is_residue
