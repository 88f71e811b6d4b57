"""Sentences for people, which the desk shows as HTML: what stands in them is text, whatever a name holds."""

from typing import Any

from markupsafe import Markup


def filled(sentence: str, *values: Any, **named: Any) -> Markup:
	"""Return a translated sentence with its {0}, {1} … filled in. Only what is Markup itself stays HTML."""
	return Markup(sentence).format(*values, **named)


def bold(text: Any) -> Markup:
	"""Return a text in bold."""
	return Markup("<strong>{}</strong>").format(text)
