"""The customer's side of a comparison, from what it has answered: the ledger it uploaded, or the differences it named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from client_ledger.confirmations.files import path_of
from client_ledger.confirmations.our_lines import OurLedger, our_ledger
from client_ledger.confirmations.uploads import ledger_of
from client_ledger.core.confirmations.named_differences import NamedDifference, NamedKind, answered_sides
from client_ledger.core.marked import marked
from client_ledger.core.money import as_money
from client_ledger.core.reconciliation.lines import LedgerSide, MatchSettings
from client_ledger.core.reconciliation.matches import Because
from client_ledger.core.reconciliation.signs import orientation
from client_ledger.files.ledger_file import LedgerFile, with_plausible_kinds
from client_ledger.site.doctypes import CONFIRMATION_REPLY
from client_ledger.site.messages import filled

UPLOADED = "Ledger Uploaded"
# A list that ends so many days before the day of the confirmation is said to.
FRESH_DAYS = 10


@dataclass(frozen=True, slots=True)
class Sides:
	"""Both sides of a comparison, signed as ours are. notes: about how they were read. is_turned: theirs were."""

	ours: OurLedger
	our_side: LedgerSide
	their_side: LedgerSide
	notes: tuple[Because, ...] = ()
	is_turned: bool = False


def sides_of(confirmation: Document, reply: Document, settings: MatchSettings) -> Sides:
	"""Return the two sides of an answer. Raises frappe.ValidationError where its file cannot be read."""
	if reply.answer == UPLOADED:
		return _uploaded(confirmation, reply, settings)
	return _answered(confirmation, reply)


def _our(confirmation: Document, since: date | None = None) -> OurLedger:
	return our_ledger(
		confirmation.customer,
		confirmation.company,
		confirmation.currency,
		getdate(confirmation.as_of),
		since,
	)


# --- an uploaded ledger ---


def _uploaded(confirmation: Document, reply: Document, settings: MatchSettings) -> Sides:
	currency = confirmation.currency
	file = read_file(reply)
	theirs = file.side.in_currency(currency)
	days = [line.date for line in theirs.lines if line.currency == currency]
	# What is older than the list is compared as a balance; a part of it only may have been booked late.
	since = min(days) - timedelta(days=settings.window_days) if days else None
	ours = _our(confirmation, since)
	way = orientation(ours.side, theirs, presumed="credit" in file.headings)
	if way.is_turned:
		theirs = theirs.turned()
	if cint(reply.has_balance) and currency not in theirs.closing:
		theirs = LedgerSide(
			theirs.lines,
			theirs.opening,
			{**theirs.closing, currency: as_money(reply.balance)},
			theirs.begins,
			theirs.ends,
		)
	notes = _notes(file, theirs, currency, way.is_turned, way.is_sure, settings.as_of)
	return Sides(
		ours, with_plausible_kinds(ours.side), with_plausible_kinds(theirs), tuple(notes), way.is_turned
	)


def read_file(reply: Document) -> LedgerFile:
	"""Return the ledger that came with a reply. Raises frappe.ValidationError with what is wrong in it."""
	try:
		path_of(CONFIRMATION_REPLY, reply.name, reply.file or "").stat()
	except (OSError, frappe.DoesNotExistError):
		name = reply.file_name or _("The file")
		frappe.throw(filled(_("{0} is no longer there. Ask the customer to upload its ledger again."), name))
	file = ledger_of(reply)
	if file.problems:
		frappe.throw("\n".join(problem.describe(_) for problem in file.problems.found))
	return file


def _notes(
	file: LedgerFile, theirs: LedgerSide, currency: str, is_turned: bool, is_sure: bool, as_of: date
) -> Sequence[Because]:
	notes = [
		Because(
			marked("{0}: {1} lines read, {2} rows left out."), (file.name, len(theirs.lines), file.skipped)
		)
	]
	if not file.has_numbers:
		notes.append(
			Because(
				marked(
					"{0} has no column with numbers of documents: its lines are matched by texts, amounts and dates only."
				),
				(file.name,),
			)
		)
	if theirs.ends and (as_of - theirs.ends).days > FRESH_DAYS:
		message = marked("{0} ends on {1}: what the other ledger has later is taken to be on its way.")
		notes.append(Because(message, (file.name, theirs.ends.isoformat())))
	if is_turned:
		notes.append(
			Because(marked("{0} has its signs the other way round; they were turned."), (file.name,))
		)
	if not is_sure:
		message = marked(
			"Too few lines show whether the signs of {0} are ours or the other way round. Check the balance."
		)
		notes.append(Because(message, (file.name,)))
	others = sorted(theirs.currencies() - {currency})
	if others:
		message = marked("{0} has lines in {1}, which are not part of this confirmation.")
		notes.append(Because(message, (file.name, ", ".join(others))))
	return notes


# --- an answer without a ledger ---


def _answered(confirmation: Document, reply: Document) -> Sides:
	ours = _our(confirmation)
	currency = confirmation.currency
	balance = as_money(reply.balance) if cint(reply.has_balance) else None
	named = [_named(row) for row in reply.get("lines") or ()]
	if balance is None and not named:
		# Confirmed: the balance is ours.
		balance = ours.side.balance(currency)
	found = answered_sides(ours.side, named, currency, getdate(confirmation.as_of), balance)
	notes = [Because(marked("Compared by what the customer has said, without a ledger of its own."))]
	if found.unknown:
		message = marked("Documents named by the customer that were not found in our ledger: {0}.")
		notes.append(Because(message, (", ".join(found.unknown),)))
	return Sides(ours, with_plausible_kinds(found.ours), with_plausible_kinds(found.theirs), tuple(notes))


def _named(row: Document) -> NamedDifference:
	return NamedDifference(
		f"named|{row.name}",
		NamedKind(row.kind),
		row.number or "",
		getdate(row.date) if row.date else None,
		as_money(row.amount),
		row.remark or "",
	)
