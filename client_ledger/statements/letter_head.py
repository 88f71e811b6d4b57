"""The letter head of a company's papers: HTML that people wrote, and the same as a strip for PDFs of the fast engine."""

import hashlib
import io

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_company_address
from frappe.utils.pdf import get_pdf
from pypdf import PdfReader

from client_ledger.paper.pdf import LetterHeadStrip
from client_ledger.site.messages import filled

_KEY = "client_ledger_letter_head"
# An image of it may be replaced under the same address; then it is made anew after so many seconds.
_LASTING = 3600
# As wide as the paper's text, in mm; taller than this it is left to the converter.
WIDTH, HEIGHTS = 186, range(8, 121, 4)
_PAGE = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><style>
.print-format {{ margin-top: 0mm; margin-bottom: 0mm; margin-left: 0mm; margin-right: 0mm; }}
* {{ box-sizing: border-box; }}
body {{ font: 10px/1.45 "Inter", "Helvetica Neue", Arial, "Noto Sans CJK SC", sans-serif; color: #171717; margin: 0; }}
</style></head><body><div class="letter-head">{content}</div></body></html>"""


def letter_head(company: str, strict: bool = True, title: str | None = None) -> str:
	"""Return the company's letter head, or the site's default one, as HTML; "" where there is none.

	title: of the paper, "Statement of Account" unless given. strict: raise frappe.ValidationError where the company names one that is gone, so that no paper leaves without it.
	"""
	name = frappe.get_cached_value("Company", company, "default_letter_head")
	if name and not frappe.db.exists("Letter Head", {"name": name, "disabled": 0}):
		if strict:
			frappe.throw(
				filled(
					_(
						"The letter head {0} is disabled or no longer there. Select another one in the company {1}."
					),
					name,
					company,
				)
			)
		return ""
	name = name or frappe.db.get_value("Letter Head", {"is_default": 1, "disabled": 0})
	content = frappe.db.get_value("Letter Head", name, "content") if name else None
	return (
		frappe.render_template(content, {"doc": _what_it_heads(company, title or _("Statement of Account"))})
		if content
		else ""
	)


def _what_it_heads(company: str, title: str) -> frappe._dict:
	"""Return what a letter head says of its document: those of ERPNext 16 show its kind, its name and the company's address."""
	address = get_company_address(company).get("company_address")
	return frappe._dict(company=company, doctype=title, name="", company_address=address or "")


def strip_of(html: str) -> LetterHeadStrip | None:
	"""Return a letter head as ERPNext's converter shows it, on the lowest page that holds it; None where that fails."""
	key = f"{_KEY}:{hashlib.sha256(html.encode()).hexdigest()}"
	known = frappe.cache.get_value(key, expires=True)
	if known is None:
		known = _made(html)
		frappe.cache.set_value(key, known, expires_in_sec=_LASTING)
	return LetterHeadStrip(*known) if known else None


def _made(html: str) -> tuple[bytes, float] | tuple[()]:
	"""Return the strip's PDF and height, () where there is none."""
	low, high, best = 0, len(HEIGHTS) - 1, ()
	while low <= high:
		middle = (low + high) // 2
		content = _pdf(html, HEIGHTS[middle])
		if content is None:
			return ()
		if len(PdfReader(io.BytesIO(content)).pages) == 1:
			best, high = (content, float(HEIGHTS[middle])), middle - 1
		else:
			low = middle + 1
	return best


def _pdf(html: str, height: int) -> bytes | None:
	options = {"page-width": f"{WIDTH}mm", "page-height": f"{height}mm"}
	try:
		return get_pdf(_PAGE.format(lang=frappe.local.lang or "en", content=html), options)
	except (OSError, frappe.ValidationError):
		# Whoever makes the whole page by the converter says what is wrong with it.
		frappe.clear_last_message()
		return None
