"""Controls of what must hold and must be done: the ledgers tie; backups, reconciliations and procedures are not overdue."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlParameter,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import DueKind, FactKind
from client_ledger.core.entries import Voucher
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

UNTIED = marked("{0} in {1}: the customer's ledger differs from the general ledger by {2}.")
OVERDUE = marked("{0} was due on {1} and is not done; it is {2} days late.")


@control(
	"ledger_untied",
	name=marked("Ledger Differs from the General Ledger"),
	risk=marked("What customers owe by the ledger is not what the books say."),
	source=marked("COSO Internal Control: reconciliation of the subledger with the general ledger"),
	mended=marked("Both ledgers tie again."),
	# Two sums over all customers cost less than many over some, and what is changed past the documents is seen, too.
	scope=ControlScope.COMPANY,
	needs=(FactKind.TIES,),
	parameters=(
		parameter(
			"amount",
			marked("Minimum Difference"),
			"0.01",
			"0.001",
			100,
			marked("company currency"),
			whole=False,
		),
	),
	lasting=True,
	has_past=False,
)
def ledger_untied(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield customers and accounts whose two ledgers differ."""
	for one in facts.ties:
		if abs(one.difference) >= values["amount"]:
			yield ControlFinding(
				"ledger_untied",
				finding_key("ledger_untied", one.account, one.customer),
				facts.today,
				Because(UNTIED, (one.customer, one.account, one.difference)),
				FindingSeverity.HIGH,
				(Voucher("Customer", one.customer), Voucher("Account", one.account)),
				abs(one.difference),
				one.customer,
			)


def _overdue(code: str, kind: DueKind, facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	grace = timedelta(days=int(values["days"]))
	for one in facts.dues:
		if one.kind is not kind or one.done is not None:
			continue
		late = facts.now - facts.moment(one.due)
		if late > grace:
			days = late.days
			yield ControlFinding(
				code,
				finding_key(code, one.name, one.due.date().isoformat()),
				facts.day_of(one.due),
				Because(OVERDUE, (one.title, facts.day_of(one.due), days)),
				FindingSeverity.HIGH if kind is DueKind.BACKUP or days > 30 else FindingSeverity.MEDIUM,
				(one.document or Voucher(kind.value, one.name),),
				Decimal(0),
				one.customer,
				one.responsible,
			)


def _grace(days: int, most: int) -> ControlParameter:
	return parameter("days", marked("Grace Period (Days)"), days, 0, most, marked("days"))


_NEVER = marked("What is not done on time is not done when it is needed.")
_DONE = marked("It has been done.")
_TASKS = marked("COSO Internal Control: monitoring activities; the company's own procedures and deadlines")


@control(
	"backup_overdue",
	name=marked("Backup Overdue"),
	risk=marked("The ledger could not be restored."),
	source=_TASKS,
	mended=_DONE,
	scope=ControlScope.COMPANY,
	needs=(FactKind.DUES,),
	parameters=(_grace(1, 14),),
	lasting=True,
	ripens=True,
)
def backup_overdue(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield backups that were to be made and are not there."""
	return _overdue("backup_overdue", DueKind.BACKUP, facts, values)


@control(
	"reconciliation_overdue",
	name=marked("Reconciliation Overdue"),
	risk=marked("Differences with a customer grow old unseen."),
	source=_TASKS,
	mended=_DONE,
	scope=ControlScope.COMPANY,
	needs=(FactKind.DUES,),
	parameters=(_grace(3, 60),),
	lasting=True,
	ripens=True,
)
def reconciliation_overdue(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield reconciliations that were to be done and are not."""
	return _overdue("reconciliation_overdue", DueKind.RECONCILIATION, facts, values)


@control(
	"procedure_overdue",
	name=marked("Procedure Overdue"),
	risk=_NEVER,
	source=_TASKS,
	mended=_DONE,
	scope=ControlScope.COMPANY,
	needs=(FactKind.DUES,),
	parameters=(_grace(0, 30),),
	lasting=True,
	ripens=True,
)
def procedure_overdue(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield steps of procedures whose deadline has passed."""
	return _overdue("procedure_overdue", DueKind.PROCEDURE, facts, values)
