"""What the form of a month end shows besides its fields: the KPIs of the month, and what has changed since."""

from typing import Any

from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.core.kpis.months import MonthFigures, window_kpis
from client_ledger.kpis.access import ROLES, can
from client_ledger.kpis.changed import change_of
from client_ledger.kpis.comparing import MOST_NAMED
from client_ledger.kpis.dimensions import label_of
from client_ledger.kpis.store import CHANGED
from client_ledger.kpis.view import plain


def shown(doc: Document) -> dict[str, Any]:
	"""Return {kpis, values, vouchers, part, may}; nothing of a document that has no figures yet."""
	if not doc.figures:
		return {"kpis": [], "values": [], "vouchers": [], "part": "", "may": {}}
	month = MonthFigures.from_text(doc.figures)
	part = label_of(doc.dimension, doc.dimension_value or "") or _("Not Set")
	may = {action: can(action) for action in ROLES}
	is_whole = not doc.dimension
	return {
		"kpis": [plain(kpi) for kpi in window_kpis([month], 1)],
		**change_of(doc.changes, MOST_NAMED),
		"part": f"{_(doc.dimension)}: {part}" if doc.dimension else _("Whole company"),
		"month": getdate(doc.as_of).strftime("%Y-%m"),
		"grouped_as_of": _grouped_as_of(doc),
		"may": {
			"review": may["review"] and doc.status == CHANGED and is_whole,
			"compare": may["review"] and is_whole,
		},
	}


def _grouped_as_of(doc: Document) -> str | None:
	"""Return the day whose groups customers are put together by; None where that is the month's end, or nobody is put together."""
	day = doc.members_as_of
	return str(day) if doc.dimension and day and getdate(day) != getdate(doc.as_of) else None
