"""Messages of the preview in English or Simplified Chinese, from the app's own catalogue (locale/zh.po)."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("en", "zh")
_CATALOGUES = Path(__file__).resolve().parent.parent / "locale"
_OURS = "Client Ledger"
_language: ContextVar[str] = ContextVar("client_ledger_language", default="en")
_CALL = re.compile(r"\b__?\(\s*(\"(?:[^\"\\]|\\.)*\")")


def use(language: str) -> None:
	"""Speak *language* from here on. Raises ValueError for one we do not have."""
	if language not in LANGUAGES:
		raise ValueError(f"unknown language {language!r}, expected one of {', '.join(LANGUAGES)}")
	_language.set(language)


def language() -> str:
	"""Return the language spoken now."""
	return _language.get()


def _(message: str) -> str:
	"""Return *message* in the language spoken now, in English where it has no translation."""
	return translate(message, _language.get())


def translate(message: str, to: str) -> str:
	"""Return *message* in the language *to*."""
	return catalogue(to).get(message) or message


@lru_cache
def catalogue(to: str) -> Mapping[str, str]:
	"""Return the translations into *to*: none for English, and none where the catalogue is not installed."""
	path = _CATALOGUES / f"{to}.po"
	if to == "en" or not path.exists():
		return {}
	with path.open("rb") as file:
		known = [message for message in read_po(file) if message.id and message.string]
	# What Frappe translates itself stands under our context, so that we change no word of other forms.
	return {m.id: m.string for wanted in (_OURS, None) for m in known if m.context == wanted}


def messages_in(sources: Iterable[str]) -> list[str]:
	"""Return the literal messages of _("...") and __("...") in templates and scripts, each once."""
	found = (match.group(1)[1:-1].replace('\\"', '"') for text in sources for match in _CALL.finditer(text))
	return list(dict.fromkeys(found))


def wanted_language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
	"""Return the language asked for on a command line (--lang), else that of the environment, else English."""
	for argument, value in zip(arguments, [*arguments[1:], ""], strict=False):
		if argument == "--lang" and value in LANGUAGES:
			return value
		if argument.startswith("--lang=") and argument[7:] in LANGUAGES:
			return argument[7:]
	locale = next((environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), "")
	return "zh" if locale.lower().startswith("zh") else "en"
