"""Who has to read which version, and what keeps a procedure from being in force."""

from datetime import date, datetime, timedelta

from client_ledger.core.procedures.faults import ProcedureFault, StepAsWritten, faults_of
from client_ledger.core.procedures.reading import InForce, ReadingStatus, readings

DAY = date(2026, 11, 28)
BILLING = InForce("Invoicing", 2, DAY, 14, frozenset({"Biller"}), "boss")
ROLES = {"ann": frozenset({"Biller"}), "bob": frozenset({"Seller"}), "boss": frozenset()}


def stand(read, today=DAY):
	return {one.user: one.status for one in readings([BILLING], ROLES, read, today)}


def test_who_has_a_role_of_a_step_reads_it_and_who_is_responsible():
	assert set(stand({})) == {"ann", "boss"}


def test_a_new_version_asks_again():
	when = datetime(2026, 11, 28, 9)
	assert stand({("Invoicing", 1, "ann"): when})["ann"] is ReadingStatus.TO_READ
	assert stand({("Invoicing", 2, "ann"): when})["ann"] is ReadingStatus.READ


def test_it_is_late_from_the_day_after():
	assert stand({}, DAY + timedelta(14))["ann"] is ReadingStatus.TO_READ
	assert stand({}, DAY + timedelta(15))["ann"] is ReadingStatus.LATE


def faults(steps, responsible="boss", days=14):
	return list(faults_of(steps, responsible, days, {"Biller"}, {"boss"}))


def test_what_is_right_has_no_fault():
	assert faults([StepAsWritten("Bill it", "Biller", 1)]) == []


def test_what_is_wrong_is_said_with_the_step():
	assert faults([], responsible="") == [
		(ProcedureFault.NO_RESPONSIBLE, 0),
		(ProcedureFault.NO_STEPS, 0),
	]
	assert faults(
		[StepAsWritten("Bill it", "Biller"), StepAsWritten(" ", "Nobody's", -1)], "gone", days=-1
	) == [
		(ProcedureFault.RESPONSIBLE_DISABLED, 0),
		(ProcedureFault.NEGATIVE_DAYS, 0),
		(ProcedureFault.EMPTY_STEP, 2),
		(ProcedureFault.ROLE_OF_NOBODY, 2),
		(ProcedureFault.NEGATIVE_DEADLINE, 2),
	]


def test_deadlines_that_say_nothing_are_faults():
	assert faults([StepAsWritten("Bill it", "Biller", 9000, "Hours")]) == [
		(ProcedureFault.DEADLINE_TOO_LONG, 1)
	]
	assert faults([StepAsWritten("Bill it", "Biller", 8784, "Hours")]) == []
	assert faults([StepAsWritten("Bill it", "Biller", 367)]) == [(ProcedureFault.DEADLINE_TOO_LONG, 1)]
	measured = StepAsWritten("Bill it", "Biller", 0, is_measured=True)
	assert faults([measured]) == [(ProcedureFault.MEASURED_WITHOUT_DEADLINE, 1)]
	assert faults([StepAsWritten("Bill it", "Biller")], days=400) == [(ProcedureFault.DAYS_TOO_LONG, 0)]
