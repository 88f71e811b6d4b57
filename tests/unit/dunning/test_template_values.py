"""What a letter may name: credits and the net amount among it, and all of it is written down where people look."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from client_ledger.dunning.letters.template_values import sample
from client_ledger.dunning.policies.default_policies import LANGUAGES, NAMES, read_letter

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs/dunning.md"
FORM = ROOT / "client_ledger/client_ledger/doctype/dunning_policy/dunning_policy.js"
ASKS = sorted(set(NAMES) - {"courtesy", "thanks"})


@pytest.mark.parametrize("path", [DOCS, FORM], ids=lambda path: path.name)
def test_everything_a_template_may_name_is_written_down(path):
	words = set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
	assert not set(sample("en")) - words


def test_the_sample_adds_up():
	values = sample("en")
	assert values["items_total"] == sum(row["outstanding"] for row in values["items"]) == Decimal("3751.50")
	assert values["credit_total"] == sum(row["amount"] for row in values["credits"]) == 400
	assert values["net"] == values["total"] == values["items_total"] - values["credit_total"]
	assert values["grand_total"] == values["net"] + values["charges"]
	table = values["items_table"]
	amounts = [values["money"](values[name]) for name in ("items_total", "net")]
	assert all(amount in table for amount in amounts) and "PAY-0001" in table


@pytest.mark.parametrize("letter", ASKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_default_letter_that_asks_for_money_asks_for_the_net_and_names_the_credits(letter, language):
	subject, text = read_letter(letter, language)
	assert "money(net)" in text and "{% if credits %}" in text
	assert "money(total)" not in subject + text
