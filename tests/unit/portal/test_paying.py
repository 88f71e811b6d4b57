"""References and codes of payments: what the payer enters is found again by the receipts' own reader."""

from datetime import date
from decimal import Decimal

import pytest

from client_ledger.core.portal.epc import epc_text, is_iban
from client_ledger.core.portal.references import grouped, payment_reference
from client_ledger.core.receipts.items import PayableItem
from client_ledger.core.receipts.mentions import Mentions, is_creditor_reference

# Published examples of national formats.
IBANS = (
	"DE89 3704 0044 0532 0130 00",
	"FR1420041010050500013M02606",
	"nl91abna0417164300",
	"BE68539007547034",
)


def item(number: str) -> PayableItem:
	return PayableItem(number, "C", number, date(2026, 1, 1), Decimal(1), "EUR")


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_is_told_by_its_check_digits(iban):
	assert is_iban(iban)
	wrong = iban[:-1] + ("1" if iban[-1] != "1" else "2")
	assert not is_iban(wrong)


@pytest.mark.parametrize(
	"text", ["", "DE", "DE8937040044053201300", "DE89 3704-0044", "8937040044053201300000"]
)
def test_what_is_no_iban(text):
	assert not is_iban(text)


def test_one_invoice_has_a_structured_reference():
	found = payment_reference(["ACC-SINV-2026-00012"], "Ada")
	assert is_creditor_reference(found.structured)
	assert found.text == ""
	assert found.shown.replace(" ", "") == found.structured


def test_several_invoices_have_their_references_in_the_text_and_all_are_found_again():
	numbers = [f"ACC-SINV-2026-0001{digit}" for digit in range(5)]
	found = payment_reference(numbers, "Ada")
	assert found.structured == ""
	assert len(found.text) <= 140
	mentioned = Mentions([item(number) for number in (*numbers, "ACC-SINV-2026-00099")]).structured(
		found.text
	)
	assert sorted(one.number for one in mentioned) == numbers


def test_more_invoices_go_by_their_numbers_and_too_many_by_the_payer():
	numbers = [f"SINV-{digit:05}" for digit in range(10)]
	assert payment_reference(numbers, "Ada").text == ", ".join(numbers)
	assert payment_reference([f"{n}-{i}" for i, n in enumerate(numbers * 4)], "Ada Ltd").text == "Ada Ltd"


def test_a_number_too_long_for_a_reference_stands_as_it_is():
	number = "A-VERY-LONG-SERIES-OF-INVOICES-2026-00001"
	assert payment_reference([number], "Ada").text == number


def test_a_payment_of_nothing_has_no_reference():
	with pytest.raises(ValueError):
		payment_reference([], "Ada")


def test_the_code_is_as_the_guideline_says():
	found = epc_text(
		"Franz Mustermänn GmbH",
		"DE89 3704 0044 0532 0130 00",
		Decimal("12.3"),
		bic="COBADEFFXXX",
		structured="RF18539007547034",
	)
	assert found.split("\n") == [
		"BCD",
		"002",
		"1",
		"SCT",
		"COBADEFFXXX",
		"Franz Mustermänn GmbH",
		"DE89370400440532013000",
		"EUR12.30",
		"",
		"RF18539007547034",
	]


def test_a_code_with_a_text_has_no_structured_reference_and_stays_one_line_each():
	lines = epc_text("A\nB", IBANS[0], Decimal(5), text="x\r\ny").split("\n")
	assert lines[4] == "" and lines[5] == "A B"
	assert lines[9] == "" and lines[10] == "x y"


@pytest.mark.parametrize(
	("name", "iban", "amount", "more"),
	[
		("A", "DE00", Decimal(1), {}),
		("A", IBANS[0], Decimal(0), {}),
		("A", IBANS[0], Decimal("-1"), {}),
		("A", IBANS[0], Decimal("1.005"), {}),
		("A", IBANS[0], Decimal("1000000000"), {}),
		("", IBANS[0], Decimal(1), {}),
		("A", IBANS[0], Decimal(1), {"structured": "RF18539007547034", "text": "x"}),
		("A", IBANS[0], Decimal(1), {"structured": "R" * 26}),
	],
)
def test_what_no_transfer_takes_is_refused(name, iban, amount, more):
	with pytest.raises(ValueError):
		epc_text(name, iban, amount, **more)


def test_groups_of_four():
	assert grouped("RF18 5390 07547034") == "RF18 5390 0754 7034"
