"""The figures of a statement: balances that run over all customers, and JSON that is exact and always the same."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.movements import Opening
from client_ledger.core.statements.build import build_figures
from client_ledger.core.statements.figures import StatementFigures, file_name
from client_ledger.core.statements.parts import Coverage
from client_ledger.core.statements.stored import amount_text
from tests.unit.core.ledgers import DAY, entry, ledgers, voucher_of
from tests.unit.statements.books import AS_OF, asked, read

LEDGER = [
	entry(-30, "SI 0", "SI 0", "50"),
	entry(1, "SI 1", "SI 1", "100.10"),
	entry(2, "SI 2", "SI 2", "80", account="Euro - T", base="88"),
	entry(3, "PE 1", "SI 1", "-40.10"),
	entry(4, "PE 2", "PE 2", "-5"),
]
CHILD = [entry(2, "SI 3", "SI 3", "30", customer="Bob"), entry(20, "PE 3", "SI 3", "-10", customer="Bob")]


def test_a_parent_and_its_subsidiary_are_one_ledger():
	found = build_figures(asked(), [read("Ada", LEDGER), read("Bob", CHILD)])
	assert found.is_group and found.customers == (("Ada", "Ada & Co"), ("Bob", "Bob & Co"))
	assert [(line.customer, line.voucher.name) for line in found.lines] == [
		("Ada", "SI 1"),
		("Ada", "SI 2"),
		("Bob", "SI 3"),
		("Ada", "PE 1"),
		("Ada", "PE 2"),
		("Bob", "PE 3"),
	]
	assert found.opening == Opening({"EUR": 0, "USD": 50}, 50)
	assert found.closing == Opening({"EUR": 80, "USD": 125}, 213)
	assert (found.lines[-1].balance, found.lines[-1].base_balance) == (125, 213)
	assert sum(item.base_outstanding for item in found.open_items) == 213 == found.base_ageing.total
	assert (found.ageing["EUR"].total, found.ageing["USD"].total) == (80, 125)
	# A credit of one customer pays nothing of another's.
	assert {(due.customer, due.currency): due.net for due in found.due} == {
		("Ada", "EUR"): 80,
		("Ada", "USD"): 105,
		("Bob", "USD"): 20,
	}


def test_what_is_covered():
	ledger = read("Ada", LEDGER, disputed={TermItemKey(voucher_of("SI 1")): Decimal(10)})
	found = build_figures(asked(Coverage.OPEN_ITEMS), [ledger])
	assert (found.lines, found.opening.base, found.from_date) == ((), 0, None)
	assert found.closing == Opening({"EUR": 80, "USD": 105}, 193)
	assert [item.voucher.name for item in found.open_items if item.is_disputed] == ["SI 1"]
	euros = build_figures(asked(Coverage.OPEN_ITEMS, currency="EUR"), [ledger])
	assert (euros.closing, euros.currencies) == (Opening({"EUR": 80}, 88), ["EUR"])
	assert [due.currency for due in euros.due] == ["EUR"]
	nothing = build_figures(asked(), [read("Nobody", [])])
	assert nothing.is_empty and nothing.currencies == ["USD"] and not nothing.has_base
	with pytest.raises(ValueError, match="needs a customer"):
		build_figures(asked(), [])


@given(ledgers(), st.sampled_from(Coverage), st.integers(0, 60))
def test_json_gives_back_what_was_written_and_is_always_the_same(ledger, coverage, since):
	first = DAY + timedelta(days=since)
	found = build_figures(asked(coverage, first), [read("Ada", ledger[0], first)])
	text = found.to_json()
	again = StatementFigures.from_json(text)
	assert again == found and again.to_json() == text and again.content_hash() == found.content_hash()
	# However many zeros an amount was read with.
	base = found.closing.base
	padded, other = (
		replace(found, closing=replace(found.closing, base=base + Decimal(more)))
		for more in ("0.000", "0.01")
	)
	assert padded.content_hash() == found.content_hash() != other.content_hash()


@given(ledgers(), st.integers(0, 60))
def test_lines_lead_from_the_opening_to_the_closing_balance(ledger, since):
	first = DAY + timedelta(days=since)
	found = build_figures(asked(Coverage.ACTIVITY, first), [read("Ada", ledger[0], first)])
	for currency in found.currencies:
		moved = sum(line.debit - line.credit for line in found.lines if line.currency == currency)
		assert found.opening.by_currency.get(currency, 0) + moved == found.closing.by_currency.get(
			currency, 0
		)
	assert found.opening.base + sum(l.base_debit - l.base_credit for l in found.lines) == found.closing.base


@pytest.mark.parametrize(
	("amount", "text"),
	[("0", "0.00"), ("-0.00", "0.00"), ("1E+3", "1000.00"), ("12.3450", "12.345"), ("-1200", "-1200.00")],
)
def test_amounts_are_plain_texts(amount, text):
	assert amount_text(Decimal(amount)) == text


@pytest.mark.parametrize(
	"text", ["[]", "{}", '{"version": 2}', "no json", '{"version": 1, "customer": "Ada"}']
)
def test_other_json_is_refused(text):
	with pytest.raises(ValueError):
		StatementFigures.from_json(text)


def test_the_json_is_made_to_be_read():
	data = json.loads(build_figures(asked(), [read("Ada", LEDGER)]).to_json())
	assert data["lines"][0]["debit"] == "100.10" and data["lines"][0]["voucher"] == ["Sales Invoice", "SI 1"]
	assert data["bank"] == {"holder": "Testers", "iban": "DE89 3704"}
	assert data["as_of"] == str(AS_OF) and data["coverage"] == "Both"


@pytest.mark.parametrize(
	("stem", "name"),
	[
		("C/001-2026-07-31", "C-001-2026-07-31.pdf"),
		("../../etc", "etc.pdf"),
		("客户 一", "客户-一.pdf"),
		('<b>"?*|', "b.pdf"),
		("///", "statement.pdf"),
	],
)
def test_file_names(stem, name):
	assert file_name(stem, "pdf") == name
	assert len(file_name("长" * 500, "pdf").encode()) < 200
