"""Steps of background work that keep no other from being done."""

from collections.abc import Callable

import frappe


def safely(title: str, work: Callable[[], object]) -> None:
	"""Do *work*; what fails is taken back and logged under *title*, and keeps nothing else from being done."""
	try:
		work()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=title)
		frappe.db.commit()  # nosemgrep: the log outlives what failed
