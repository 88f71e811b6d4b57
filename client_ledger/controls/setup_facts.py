"""How far the controls of a site are set up, for the page that says what is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate
from frappe.utils.user import get_users_with_role

from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.lifecycle import OPEN_STATUSES
from client_ledger.site.doctypes import CONTROL_FINDING, CONTROL_RUN, LEDGER_CONTROL


@dataclass(frozen=True, slots=True)
class ControlSetup:
	"""on, all: controls; last_run: None where none has run; without_reader: titles of controls whose findings nobody gets."""

	on: int
	all: int
	last_run: date | None
	open_findings: int
	without_reader: tuple[str, ...]


def setup_facts(companies: Sequence[str]) -> ControlSetup:
	"""Return how far controls are set up, for these companies."""
	rows = frappe.get_all(
		LEDGER_CONTROL,
		{"enabled": 1, "name": ("in", list(CONTROLS))},
		["title", "responsible", "responsible_role"],
		order_by="title",
	)
	roles = {row.responsible_role or "" for row in rows if not row.responsible}
	held = {role for role in roles if role and get_users_with_role(role)}
	run = frappe.get_all(
		CONTROL_RUN,
		{"company": ("in", list(companies)), "status": ("!=", "Failed")},
		pluck="run_date",
		order_by="run_date desc",
		limit=1,
	)
	open_findings = frappe.db.count(
		CONTROL_FINDING,
		{"company": ("in", list(companies)), "status": ("in", [status.value for status in OPEN_STATUSES])},
	)
	return ControlSetup(
		len(rows),
		len(CONTROLS),
		getdate(run[0]) if run else None,
		open_findings,
		tuple(
			_(row.title) for row in rows if not row.responsible and (row.responsible_role or "") not in held
		),
	)
