"""What became of warnings: known once ninety days are over and all that fell due in them is paid or seriously late."""

from collections import defaultdict
from datetime import date

import frappe
from frappe.utils import getdate

from client_ledger.collections import disputes
from client_ledger.core.early_warnings.outcomes import HORIZON_DAYS, CustomerOutcomes, judged_on
from client_ledger.credit.grades.trade import CUSTOMERS_AT_ONCE, trade_lines
from client_ledger.early_warnings.statuses import NOTHING_DUE, RECOVERED, TURNED_BAD
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import EARLY_WARNING


def settle(company: str, today: date) -> int:
	"""Note the outcomes that are known by now; return how many. Commits."""
	waiting = _waiting(company, today)
	if not waiting:
		return 0
	disputed = frozenset(disputes.invoices_in_dispute(company))
	settled = 0
	for customers in chunks(sorted(waiting), CUSTOMERS_AT_ONCE):
		lines = defaultdict(list)
		for line in trade_lines(company, today, customers, disputed=disputed):
			lines[line.customer].append(line)
		for customer in customers:
			found = CustomerOutcomes(lines[customer])
			for row in waiting[customer]:
				_note(row, found, today)
				settled += 1
		frappe.db.commit()  # nosemgrep: one batch does not undo another
	return settled


def _waiting(company: str, today: date) -> dict[str, list[frappe._dict]]:
	rows = frappe.get_all(
		EARLY_WARNING,
		{"company": company, "customer": ("is", "set"), "outcome": ("in", ("", None))},
		["name", "customer", "raised_on", "serious_days"],
		order_by="raised_on, name",
	)
	found: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in rows:
		if judged_on(getdate(row.raised_on), row.serious_days) <= today:
			found[row.customer].append(row)
	return found


def _note(row: frappe._dict, found: CustomerOutcomes, today: date) -> None:
	outcome = found.of(getdate(row.raised_on), row.serious_days, today, HORIZON_DAYS)
	said = NOTHING_DUE if outcome is None else TURNED_BAD if outcome.is_bad else RECOVERED
	values = {"outcome": said, "outcome_on": today, "turned_bad_on": outcome.bad_on if outcome else None}
	frappe.db.set_value(EARLY_WARNING, row.name, values, update_modified=False)
