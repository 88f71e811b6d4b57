"""Add to stored month ends what each customer added, and as of which day customers were grouped."""

from client_ledger.kpis.earlier_months import complete, note_grouping_days
from client_ledger.ledger.site import companies


def execute() -> None:
	"""Nothing that was stored changes; a month that has it already is passed over."""
	note_grouping_days()
	for company in companies():
		complete(company)
