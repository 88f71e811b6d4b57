"""What the page shows of the worklist, as plain values. Reasons are in both languages."""

from functools import partial
from typing import Any

from client_ledger.preview import i18n
from client_ledger.preview.figures.worklist import Callee, Calls

_LANGUAGES = tuple(partial(i18n.translate, to=language) for language in i18n.LANGUAGES)


def company(calls: Calls, currency: str) -> dict[str, Any]:
	"""Return today's list of a company."""
	return {"rows": [_row(row, currency) for row in calls.rows], "covered": calls.covered}


def _row(row: Callee, currency: str) -> list:
	"""The order of these is that of CALL in worklist.js; place says which of the company's accounts it is."""
	return [
		row.place,
		row.ranked.points,
		round(float(row.to_chase), 2),
		row.expected.isoformat() if row.expected else None,
		[row.reasons(translate, currency) for translate in _LANGUAGES],
	]
