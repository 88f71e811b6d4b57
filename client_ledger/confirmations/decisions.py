"""What people decided about lines: joined, or kept apart. By the ids of lines, so that it holds in every later run.

Kept in the confirmation with who and when; a later decision about the same lines takes the place of an earlier one.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from client_ledger.core.reconciliation.lines import Decisions, Side
from client_ledger.site.doctypes import BALANCE_CONFIRMATION
from client_ledger.site.messages import filled

# More than these are no business of one person's glance.
MOST_JOINED = 200


@dataclass(slots=True)
class LineDecisions:
	"""The decisions of a confirmation. joined: {ours, theirs, by, on}; kept_apart: {ours, theirs, by, on} with one line each."""

	joined: list[dict[str, Any]] = field(default_factory=list)
	kept_apart: list[dict[str, Any]] = field(default_factory=list)

	def as_core(self) -> Decisions:
		"""Return them as the core takes them."""
		return Decisions(
			[(tuple(one["ours"]), tuple(one["theirs"])) for one in self.joined],
			[(one["ours"], one["theirs"]) for one in self.kept_apart],
		)

	def who(self, side: str, line_id: str) -> str | None:
		"""Return who joined a line."""
		name = "ours" if side == Side.OURS.value else "theirs"
		return next((one["by"] for one in self.joined if line_id in one[name]), None)

	def join(self, ours: Sequence[str], theirs: Sequence[str]) -> None:
		"""Join lines: whatever was joined with one of them before is not any more, and they are not kept apart."""
		self._loosen(ours, theirs)
		pairs = {(one, other) for one in ours for other in theirs}
		self.kept_apart = [one for one in self.kept_apart if (one["ours"], one["theirs"]) not in pairs]
		self.joined.append({"ours": list(ours), "theirs": list(theirs), **_signed()})

	def split(self, ours: Sequence[str], theirs: Sequence[str]) -> None:
		"""Keep lines apart: none of *ours* is matched with one of *theirs* again."""
		self._loosen(ours, theirs)
		known = {(one["ours"], one["theirs"]) for one in self.kept_apart}
		for mine in ours:
			for yours in theirs:
				if (mine, yours) not in known:
					self.kept_apart.append({"ours": mine, "theirs": yours, **_signed()})

	def _loosen(self, ours: Iterable[str], theirs: Iterable[str]) -> None:
		ours, theirs = set(ours), set(theirs)
		self.joined = [one for one in self.joined if not (ours & {*one["ours"]} or theirs & {*one["theirs"]})]


def _signed() -> dict[str, str]:
	return {"by": frappe.session.user, "on": str(now_datetime().replace(microsecond=0))}


def of(doc: Document) -> LineDecisions:
	"""Return the decisions of a confirmation."""
	found = json.loads(doc.get("decisions") or "{}")
	return LineDecisions(found.get("joined", []), found.get("kept_apart", []))


def keep(doc: Document, decided: LineDecisions) -> None:
	"""Keep the decisions of a confirmation that is locked."""
	text = json.dumps({"joined": decided.joined, "kept_apart": decided.kept_apart}, ensure_ascii=False)
	frappe.db.set_value(BALANCE_CONFIRMATION, doc.name, "decisions", text)
	doc.decisions = text


def check(ours: Sequence[str], theirs: Sequence[str]) -> None:
	"""Raise frappe.ValidationError for lines that cannot be joined."""
	if not ours or not theirs:
		frappe.throw(_("Select at least one line of each ledger."))
	if len(ours) + len(theirs) > MOST_JOINED:
		frappe.throw(filled(_("Select at most {0} lines."), MOST_JOINED))
