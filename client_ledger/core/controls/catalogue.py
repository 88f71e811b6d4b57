"""All controls, in the order they are listed in."""

from client_ledger.core.controls import (
	allocations,
	billing,
	changes,
	credit_notes,
	credit_terms,
	due,
	duplicates,
	first_digits,
	habits,
	master_data,
	numbering,
	write_offs,
)
from client_ledger.core.controls.control import Control
from client_ledger.core.controls.facts import FactKind

CONTROLS: dict[str, Control] = {
	one.code: one
	for one in (
		billing.late_billing,
		billing.delivered_not_billed,
		billing.ordered_not_billed,
		numbering.number_gap,
		numbering.number_repeat,
		duplicates.duplicate_invoice,
		duplicates.duplicate_receipt,
		changes.backdated,
		changes.cancelled_late,
		changes.edited_late,
		changes.against_statement,
		credit_notes.credit_note_after_end,
		credit_notes.credit_note_by_maker,
		write_offs.write_off_split,
		write_offs.write_off_just_under,
		habits.nights,
		habits.days_off,
		habits.round_amounts,
		first_digits.first_digits,
		allocations.allocated_elsewhere,
		allocations.lapping,
		allocations.unallocated_receipt,
		credit_terms.terms_before_order,
		credit_terms.released_again,
		credit_terms.sold_while_overdue,
		master_data.shared_details,
		due.ledger_untied,
		due.backup_overdue,
		due.reconciliation_overdue,
		due.procedure_overdue,
	)
}

# What can be looked for where there are invoices and receipts only, without who entered them and when.
WITHOUT_A_SITE = (
	"number_gap",
	"number_repeat",
	"duplicate_invoice",
	"duplicate_receipt",
	"credit_note_after_end",
	"first_digits",
	"allocated_elsewhere",
	"lapping",
	"unallocated_receipt",
	"sold_while_overdue",
	"ledger_untied",
)

# Work to be done at a customer, and no suspicion of a colleague: what sales may see of their customers.
AT_A_CUSTOMER = (
	"late_billing",
	"delivered_not_billed",
	"ordered_not_billed",
	"duplicate_invoice",
	"duplicate_receipt",
	"unallocated_receipt",
	"sold_while_overdue",
	"reconciliation_overdue",
)


def needing(kinds: set[FactKind]) -> list[Control]:
	"""Return the controls that look at any of these kinds of facts."""
	return [one for one in CONTROLS.values() if one.needs & kinds]
