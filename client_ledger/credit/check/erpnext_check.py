"""ERPNext's own limit checks, which do not know releases, temporary limits and shared limits.

ERPNext calls them as methods of the document within its submit. For a document that passed our check they are suspended
on that one object in memory: nothing is written, so nobody else is affected, and nothing is left over when a worker dies.
"""

from frappe.model.document import Document

# Methods of ERPNext's controllers. The second one is part of ERPNext 16 since July 2026: its limit on overdue amounts.
CREDIT_LIMIT, OVERDUE_LIMIT = "check_credit_limit", "check_overdue_billing_threshold"


def suspend(doc: Document, is_released: bool = False) -> None:
	"""Let *doc* pass ERPNext's credit limit; its limit on overdue amounts only where somebody released *doc*.

	Where another app has replaced one of the methods, that app's check is not ours to suspend and goes on.
	"""
	for method in (CREDIT_LIMIT, OVERDUE_LIMIT) if is_released else (CREDIT_LIMIT,):
		if _is_erpnext(doc, method):
			doc.__dict__[method] = _pass


def restore(doc: Document) -> None:
	"""Let ERPNext's checks of *doc* apply again."""
	for method in (CREDIT_LIMIT, OVERDUE_LIMIT):
		if doc.__dict__.get(method) is _pass:
			del doc.__dict__[method]


def _is_erpnext(doc: Document, method: str) -> bool:
	found = getattr(type(doc), method, None)
	return found is not None and found.__module__.split(".")[0] == "erpnext"


def _pass(*args: object, **kwargs: object) -> None:
	"""Check nothing. A function of the module, so that a document which is queued meanwhile can be pickled."""
