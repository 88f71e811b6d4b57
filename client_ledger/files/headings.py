"""Headings of a table: compared as people mean them, and found by the names a column may have."""

import re
import unicodedata
from collections.abc import Mapping, Sequence


def normal(heading: object) -> str:
	"""Return a heading for comparison: half-width, lower case, single spaces, without marks around it."""
	text = unicodedata.normalize("NFKC", str(heading if heading is not None else ""))
	text = re.sub(r"\s+", " ", text.replace("\ufeff", "")).strip().strip("*:").strip().lower()
	return re.sub(r"(?<=[\u4e00-\u9fff?]) ?\(", "(", text)


def letters(heading: object) -> str:
	"""Return only the letters and digits of a heading, for names that differ in spaces and signs."""
	return re.sub(r"[\W_]+", "", normal(heading))


def find_columns(
	headings: Sequence[object], known: Mapping[str, Sequence[str]], given: Mapping[str, str]
) -> dict[str, int]:
	"""Return where each role stands; roles that cannot be found are left out.

	known: role -> names of its column, the best first. given: role -> the one name the user says it has.
	"""
	plain = [letters(heading) for heading in headings]
	found = {}
	for role, names in known.items():
		wanted = [letters(name) for name in ([given[role]] if role in given else names)]
		place = next((plain.index(name) for name in wanted if name in plain), None)
		if place is not None:
			found[role] = place
	return found
