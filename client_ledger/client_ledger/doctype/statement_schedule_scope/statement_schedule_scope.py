"""Statement Schedule Scope: for whom a schedule is."""

from client_ledger.site.documents import LedgerDocument


class StatementScheduleScope(LedgerDocument):
	"""One customer, group, grade or segment."""
