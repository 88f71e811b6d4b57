"""Fonts of a PDF: which of those on this machine are taken, and whether they have the characters that are needed."""

import re
import subprocess
from collections.abc import Collection, Iterable
from functools import cache

# The first that is there sets letters and digits.
LATIN_FAMILIES = ("Inter", "Noto Sans", "Liberation Sans", "Arial", "Helvetica Neue")
# Letters so wide that numbers of vouchers are broken: only where the Chinese font, which has narrower ones, is missing too.
WIDE_FAMILY = "DejaVu Sans"
# The first that is there sets Chinese.
CHINESE_FAMILIES = (
	"Noto Sans CJK SC",
	"Noto Sans SC",
	"Source Han Sans SC",
	"Source Han Sans CN",
	"WenQuanYi Zen Hei",
	"WenQuanYi Micro Hei",
	"Droid Sans Fallback",
	"Microsoft YaHei",
	"SimSun",
	"PingFang SC",
)
# Han characters, Chinese punctuation and full-width forms.
_CHINESE = re.compile(
	"[\u2e80-\u2fdf\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
# What the Latin families above hold: Latin, Greek, Cyrillic, punctuation, currency signs, arrows and mathematics.
_KNOWN = re.compile("[\u0000-\u058f\u1e00-\u1fff\u2000-\u2bff\u2c60-\u2c7f\u2de0-\u2dff\ufb00-\ufb06\ufeff]")


def has_chinese(texts: Iterable[str]) -> bool:
	"""Return whether any of *texts* has Chinese characters."""
	return any(_CHINESE.search(text) for text in texts)


def is_covered(texts: Iterable[str]) -> bool:
	"""Return whether the families named here hold all characters of *texts*: no Arabic, Thai, Korean and so on."""
	return not any(_CHINESE.sub("", _KNOWN.sub("", text)) for text in texts)


def chosen_families(installed: Collection[str]) -> list[str]:
	"""Return which of the *installed* families to set a paper in: one for letters and one for Chinese, where there are such."""
	known = {family.casefold(): family for family in installed}
	wanted = (LATIN_FAMILIES, CHINESE_FAMILIES)
	chosen = [
		next((known[name.casefold()] for name in names if name.casefold() in known), None) for names in wanted
	]
	if not chosen[0]:
		chosen.append(known.get(WIDE_FAMILY.casefold()))
	return [family for family in chosen if family]


def chinese_family(installed: Collection[str]) -> str | None:
	"""Return which of the *installed* families sets Chinese, None where none does."""
	known = {family.casefold() for family in installed}
	return next((family for family in CHINESE_FAMILIES if family.casefold() in known), None)


@cache
def system_has_chinese() -> bool | None:
	"""Return whether this machine has a font with Chinese characters; None where its fontconfig cannot be asked."""
	try:
		done = subprocess.run(
			["fc-list", ":lang=zh", "family"], capture_output=True, text=True, timeout=20, check=True
		)
	except (OSError, subprocess.SubprocessError):
		return None
	return bool(done.stdout.strip())
