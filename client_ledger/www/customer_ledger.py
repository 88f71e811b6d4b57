"""The page /customer-ledger: see client_ledger/portal/page.py."""

import frappe

from client_ledger.portal.page import fill_context

no_cache = 1
sitemap = 0


def get_context(context: frappe._dict) -> None:
	"""Fill in who looks at what, in the language spoken now."""
	fill_context(context)
