"""Controls of credit notes: sales that are taken back when the period is over, and by who entered them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.controls.changes import period_end
from client_ledger.core.controls.company import ControlFacts, grouped
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	documents,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, InvoiceFact
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

AFTER_END = marked(
	"{0} of {1} takes back {2} of {3}, which was invoiced {4} days before the period's end on {5}."
)
BY_MAKER = marked("{0} takes back {1} of {2}; one person entered both and nobody else submitted it: {3}.")

SHARE = parameter("share", marked("Minimum Share Credited (%)"), 50, 5, 90, marked("percent"))


@control(
	"credit_note_after_end",
	name=marked("Credit Note Soon after a Period's End"),
	risk=marked("Sales were shown in a period only to be taken back in the next."),
	source=marked("ACFE Fraud Examiners Manual: fictitious revenue and timing differences; ISA 240 (A30)"),
	mended=marked("The credit note was cancelled or dated otherwise."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.INVOICES,),
	parameters=(
		parameter("months", marked("Months of a Period"), 1, 1, 12, marked("months")),
		parameter("before", marked("Days before the End"), 7, 1, 31, marked("days")),
		parameter("after", marked("Days after the End"), 10, 1, 31, marked("days")),
		SHARE,
	),
)
def credit_note_after_end(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield credit notes of a period's first days against invoices of the last days of the one before."""
	before, after = int(values["before"]), int(values["after"])
	for note, invoice in _against_invoices(facts, values["share"]):
		end = last_period_end(note.date, int(values["months"]))
		if end - timedelta(days=before) < invoice.date <= end and (note.date - end).days <= after:
			yield ControlFinding(
				"credit_note_after_end",
				finding_key("credit_note_after_end", note.name),
				note.date,
				Because(
					AFTER_END,
					(note.name, note.date, -note.amount, invoice.name, (end - invoice.date).days, end),
				),
				FindingSeverity.HIGH
				if note.owner and note.owner == invoice.owner
				else FindingSeverity.MEDIUM,
				documents((note, invoice)),
				-note.base_amount,
				note.customer,
				note.owner,
			)


def last_period_end(day: date, months: int) -> date:
	"""Return the last end of a period before *day*. Periods of *months* are counted from January."""
	first = day.replace(day=1)
	while True:
		end = first - timedelta(days=1)
		if end.month % months == 0:
			return period_end(end)
		first = end.replace(day=1)


@control(
	"credit_note_by_maker",
	name=marked("Credit Note by the Invoice's Author"),
	risk=marked("Who invoices and takes back alone can keep what was paid in between."),
	source=marked("COSO Internal Control: segregation of duties; ACFE Report to the Nations, skimming"),
	mended=marked("The credit note was cancelled, or somebody else has submitted it."),
	scope=ControlScope.CUSTOMER,
	needs=(FactKind.INVOICES,),
	parameters=(
		parameter("days", marked("Days after the Invoice"), 120, 1, 366, marked("days")),
		SHARE,
	),
)
def credit_note_by_maker(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield credit notes which one person made together with the invoice, without a second pair of eyes on either."""
	for note, invoice in _against_invoices(facts, values["share"]):
		maker = note.owner
		if facts.is_system(maker) or maker != invoice.owner or (note.submitted_by or maker) != maker:
			continue
		if 0 <= (note.date - invoice.date).days <= int(values["days"]):
			yield ControlFinding(
				"credit_note_by_maker",
				finding_key("credit_note_by_maker", note.name),
				note.date,
				Because(BY_MAKER, (note.name, -note.amount, invoice.name, maker)),
				FindingSeverity.MEDIUM,
				documents((note, invoice)),
				-note.base_amount,
				note.customer,
				maker,
			)


def _against_invoices(facts: ControlFacts, share: Decimal) -> Iterator[tuple[InvoiceFact, InvoiceFact]]:
	"""Yield credit notes that take back at least *share* percent of their invoice, with it; those that name none, by their amount."""
	for name, notes in facts.credit_notes.items():
		invoice = facts.invoice.get(name)
		if invoice and invoice.cancelled_on is None and invoice.amount > 0:
			for note in notes:
				if -note.amount * 100 >= share * invoice.amount:
					yield note, invoice
	yield from _by_amount(facts)


def _by_amount(facts: ControlFacts) -> Iterator[tuple[InvoiceFact, InvoiceFact]]:
	"""Yield credit notes that name no invoice with the last one before them of exactly their amount, which nothing else takes back."""
	alone = [
		one
		for one in facts.invoices
		if one.is_return and not one.return_against and one.cancelled_on is None and one.amount < 0
	]
	if not alone:
		return
	wanted = {(one.customer, one.currency, -one.amount) for one in alone}
	sold = grouped(
		(
			one
			for one in facts.invoices
			if one.cancelled_on is None and (one.customer, one.currency, one.amount) in wanted
		),
		lambda one: (one.customer, one.currency, one.amount),
	)
	for note in sorted(alone, key=lambda one: (one.date, one.name)):
		found = sold.get((note.customer, note.currency, -note.amount), [])
		before = [one for one in found if one.date <= note.date and one.name not in facts.credit_notes]
		if before:
			invoice = max(before, key=lambda one: (one.date, one.name))
			found.remove(invoice)
			yield note, invoice
