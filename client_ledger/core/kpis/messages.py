"""KPIs in words: labels, and why there is no value. A caller says in which language."""

from collections.abc import Callable

from client_ledger.core.kpis.definitions import Definition
from client_ledger.core.kpis.measure import Kpi
from client_ledger.core.marked import marked

Translate = Callable[[str], str]
_MOST_NAMED = 10
# What inputs are called; of those with a place, what stands before the colon.
INPUT_LABELS = {
	"receivable": marked("Receivable"),
	"current": marked("Receivable Not Past Due"),
	"overdue": marked("Receivable Past Due"),
	"opening": marked("Receivable at the Start"),
	"unallocated": marked("Unallocated Amount"),
	"disputed": marked("Disputed Amount"),
	"sales": marked("Credit Sales"),
	"days": marked("Days"),
	"months": marked("Months"),
	"outstanding_days": marked("Days Outstanding by Share of Sales"),
	"outstanding_counted": marked("Open Amount of Months with Sales"),
	"paid": marked("Amount Settled"),
	"paid_times_late": marked("Amount × Days Late"),
	"paid_times_days": marked("Amount × Days to Pay"),
	"paid_invoices": marked("Settled Invoices"),
	"days_late": marked("Days Late"),
	"cohort": marked("Billed, 90 Days Past Due in These Months"),
	"cohort_unpaid": marked("Of These Not Settled Then"),
	"rolling:": marked("In This Range a Month Ago"),
	"rolled:": marked("Of These in a Later Range Now"),
	"promises": marked("Promises Due"),
	"promises_kept": marked("Promises Kept"),
	"disputes": marked("Disputes Closed"),
	"dispute_days": marked("Days They Were Open"),
	"written_off": marked("Written Off"),
	"received": marked("Amount Received"),
	"cost": marked("Cost of Collecting"),
}


def label(definition: Definition, _: Translate) -> str:
	"""Return what a KPI is called; a bucket's days stand behind a comma and need no translation."""
	name, comma, rest = definition.label.partition(", ")
	return f"{_(name)}{comma}{rest}" if rest[:1].isdigit() else _(definition.label)


def reason(kpi: Kpi, _: Translate) -> str:
	"""Return why a KPI has no value, "" where it has one."""
	if not kpi.missing:
		return ""
	named = ", ".join(kpi.about[:_MOST_NAMED])
	return _(kpi.missing.value).format(f"{named}, …" if len(kpi.about) > _MOST_NAMED else named)


def input_label(name: str, _: Translate) -> str | None:
	"""Return what an input is called, None for one that is a place among many (a month, a customer)."""
	kind, colon, _place = name.partition(":")
	found = INPUT_LABELS.get(kind + colon)
	return _(found) if found else None
