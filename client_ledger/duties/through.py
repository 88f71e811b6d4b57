"""Through what somebody could do a duty, in words."""

from collections.abc import Iterable

from frappe import _

from client_ledger.core.duties.rights import Holding

# Ways listed; the others are counted.
LISTED = 8


def in_words(holdings: Iterable[Holding]) -> str:
	"""Return ways of doing a duty as a text (no HTML), in the user's language: roles, shared documents, web forms, other accounts, and
	what limits them.
	"""
	texts = list(dict.fromkeys(_words(one) for one in holdings))
	shown = texts[:LISTED]
	if len(texts) > LISTED:
		shown.append(_("and {0} more").format(len(texts) - LISTED))
	return ", ".join(shown)


def _words(holding: Holding) -> str:
	parts = [" + ".join(_(role) for role in holding.through.split(" + ") if role)]
	if holding.shared:
		parts.append(_("shared: {0}").format(holding.shared))
	if holding.web_form:
		parts.append(_("web form: {0}").format(holding.web_form))
	text = " + ".join(part for part in parts if part)
	if holding.only_own:
		text = _("{0} (own documents only)").format(text)
	return _("{0} (logged in as {1})").format(text, holding.account) if holding.account else text
