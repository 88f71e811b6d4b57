"""What a procedure says, as one text: two of them tell whether there is a new version."""

import json
from collections.abc import Mapping

import frappe
from frappe.model.document import Document
from frappe.utils import cint

STEP = ("instruction", "role", "deadline", "deadline_unit")


def content_of(doc: Document | Mapping) -> dict:
	"""Return what readers read: title, purpose and steps. Where it is shown and who answers for it is no new version."""
	return {
		"title": doc.get("title") or "",
		"summary": (doc.get("summary") or "").strip(),
		"steps": [
			{
				"instruction": (row.get("instruction") or "").strip(),
				"role": row.get("role"),
				"deadline": cint(row.get("deadline")),
				"deadline_unit": row.get("deadline_unit") or "Days",
			}
			for row in doc.get("steps") or ()
		],
	}


def as_text(content: Mapping) -> str:
	"""Return a content as it is kept."""
	return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)


def is_kept(procedure: str, version: int, content: Mapping) -> bool:
	"""Return whether a version that is kept says exactly this."""
	kept = frappe.db.get_value("Procedure Version", {"procedure": procedure, "version": version}, "content")
	return bool(kept) and json.loads(kept) == content
