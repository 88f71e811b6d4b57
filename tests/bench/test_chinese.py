"""What a reader of Chinese sees: the words that Frappe and ERPNext translate themselves are Chinese on this version too."""

import re

import pytest
from babel.messages.pofile import read_po
from frappe.translate import get_all_translations

from tests.messages import POT

pytestmark = pytest.mark.every_version

HAN = re.compile("[\u4e00-\u9fff]")
# What stays as it is in any language.
SAME = {"A", "B", "BIC/SWIFT", "C", "Excel", "IBAN", "P10", "P90", "PDF", "SHA-256", "SWIFT"}


def test_every_word_is_chinese_whoever_translates_it():
	known = get_all_translations("zh")
	with POT.open("rb") as file:
		texts = [message for message in read_po(file) if message.id and not message.context]
	assert len(texts) > 1000
	missing = sorted(
		text.id
		for text in texts
		if text.id not in SAME
		and re.search("[A-Za-z]", re.sub(r"\{\w*\}", "", text.id))
		and not HAN.search(known.get(text.id, ""))
	)
	assert not missing
