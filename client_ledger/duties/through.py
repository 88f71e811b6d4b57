"""Through what somebody could do a duty, in words."""

from collections.abc import Iterable

from frappe import _

from client_ledger.core.duties.rights import Holding

# Ways listed; the others are counted.
LISTED = 8


def in_words(holdings: Iterable[Holding]) -> str:
	"""Return ways of doing a duty as a text (no HTML), in the user's language: roles, shared documents, and what limits them."""
	texts = list(dict.fromkeys(_words(one) for one in holdings))
	shown = texts[:LISTED]
	if len(texts) > LISTED:
		shown.append(_("and {0} more").format(len(texts) - LISTED))
	return ", ".join(shown)


def _words(holding: Holding) -> str:
	parts = [" + ".join(_(role) for role in holding.through.split(" + ") if role)]
	if holding.shared:
		parts.append(_("shared: {0}").format(holding.shared))
	text = " + ".join(part for part in parts if part)
	return _("{0} (own documents only)").format(text) if holding.only_own else text
