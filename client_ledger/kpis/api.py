"""What the page of KPIs, and the form of a month end, ask the server for."""

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.utils import getdate, now_datetime
from werkzeug.wrappers import Response

from client_ledger.collections.sight import visible_customers
from client_ledger.core.kpis.definitions import BY_KEY
from client_ledger.files.workbook import MIME_TYPE
from client_ledger.kpis import comparing, drill, nightly, view
from client_ledger.kpis.access import ROLES, can
from client_ledger.kpis.dimensions import DIMENSIONS
from client_ledger.kpis.store import CHANGED, REVIEWED
from client_ledger.site.access import default_company, visible_companies
from client_ledger.site.arguments import a_count, a_date, a_name, a_text, arguments, one_of
from client_ledger.site.doctypes import KPI_MONTH_END
from client_ledger.site.messages import filled
from client_ledger.site.requirements import (
	AllCustomers,
	CompanyOf,
	CompanyRight,
	DocumentRight,
	OneOf,
	Right,
	requires,
)

MOST_MONTHS = 24
_DIMENSION = one_of("", *DIMENSIONS)


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date, months=a_count, dimension=_DIMENSION, dimension_value=a_name)
@requires(Right(KPI_MONTH_END), CompanyRight())
def get_kpis(
	company: str | None = None,
	as_of: str | None = None,
	months: int = 3,
	dimension: str = "",
	dimension_value: str | None = None,
) -> dict:
	"""Return what the page shows: the KPIs of a window that ends with a stored month, of a company or of one part of it.

	company: None for the user's own. as_of: a month end that is stored, else the newest. dimension_value: of a part, "" where customers have
	none; None for the whole company beside the parts of the dimension. Who sees some customers only gets the figures of those.
	"""
	asked = _asked(company or default_company(), as_of, months, dimension, dimension_value)
	sees_all = asked.visible is None
	return {
		**view.page(asked),
		"companies": visible_companies(),
		"missing": len(nightly.missing_days(asked.company, getdate())),
		"may": {action: sees_all and can(action) for action in ROLES},
	}


@frappe.whitelist(methods=["GET"])
@arguments(
	as_of=a_date,
	months=a_count,
	dimension=_DIMENSION,
	dimension_value=a_name,
	kpi=one_of(*BY_KEY),
	start=a_count,
)
@requires(Right(KPI_MONTH_END), CompanyRight())
def get_rows(
	company: str,
	kpi: str,
	as_of: str | None = None,
	months: int = 3,
	dimension: str = "",
	dimension_value: str | None = None,
	start: int = 0,
) -> dict:
	"""Return a page of the rows that a KPI is made of, the largest first."""
	return drill.drill(_asked(company, as_of, months, dimension, dimension_value), kpi, max(start, 0))


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date, months=a_count, dimension=_DIMENSION, dimension_value=a_name)
@requires(Right(KPI_MONTH_END), CompanyRight())
def workbook(
	company: str,
	as_of: str | None = None,
	months: int = 3,
	dimension: str = "",
	dimension_value: str | None = None,
) -> Response:
	"""Return the KPIs as an Excel workbook with all rows, whose formulas calculate them again."""
	asked = _asked(company, as_of, months, dimension, dimension_value)
	name, content = drill.workbook(asked)
	make_access_log(doctype=KPI_MONTH_END, document=company, file_type="XLSX", method="KPIs")
	answer = Response(content, mimetype=MIME_TYPE)
	answer.headers.set("Content-Disposition", "attachment", filename=name)
	return answer


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["store"]), AllCustomers(KPI_MONTH_END))
def store_now(company: str) -> dict:
	"""Store the month ends of a company that are missing, in the background; return how many there are."""
	return {"missing": nightly.queue_all(company)}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["review"]), DocumentRight(KPI_MONTH_END), CompanyOf(KPI_MONTH_END))
def compare_now(name: str) -> None:
	"""Compare a month end with the ledger now, in the background."""
	frappe.enqueue(
		comparing.compare,
		queue="long",
		timeout=nightly.TIMEOUT,
		job_id=f"client_ledger_kpis compare {name}",
		deduplicate=True,
		name=name,
	)


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(ROLES["review"]), DocumentRight(KPI_MONTH_END), CompanyOf(KPI_MONTH_END))
def review_changes(name: str, why: str) -> None:
	"""Say why a month end is another one by now. Another change opens it again; the stored figures stay."""
	if not (why or "").strip():
		frappe.throw(_("Enter why the figures of this month have changed."))
	status = frappe.db.get_value(KPI_MONTH_END, name, "status", for_update=True)
	if status != CHANGED:
		frappe.throw(
			filled(_("{0} is {1}: there is no change to review."), name, _(status, context=KPI_MONTH_END))
		)
	frappe.db.set_value(
		KPI_MONTH_END,
		name,
		{
			"status": REVIEWED,
			"review": why.strip(),
			"reviewed_by": frappe.session.user,
			"reviewed_on": now_datetime(),
		},
	)


def _asked(
	company: str, as_of: str | None, months: int, dimension: str, dimension_value: str | None
) -> view.KpiQuery:
	part = (dimension, dimension_value) if dimension and dimension_value is not None else ("", "")
	return view.KpiQuery(
		company,
		getdate(as_of) if as_of else None,
		min(max(months, 1), MOST_MONTHS),
		part,
		dimension,
		visible_customers(company),
	)
