"""The paper that both sides sign: balances, differences by kind, outcomes and two boxes, as page and as PDF."""

from datetime import date

import pytest

from client_ledger.core.confirmations.stored import part_of, rows_of
from client_ledger.core.reconciliation.reconcile import CurrencyReconciliation
from client_ledger.paper.html import html_page
from client_ledger.paper.pdf import has_engine, make_pdf
from client_ledger.paper.signed_balance import MOST_OF_A_KIND, Signatory, SignedBalance, lay_out
from client_ledger.paper.style import plain_style
from tests.unit.reconciliation.lists import compared, line

DAY = date(2026, 6, 30)
STYLE = plain_style("en", lambda message, context=None: message)


def signed(part: CurrencyReconciliation, **outcomes: str) -> SignedBalance:
	return SignedBalance(
		"Seller Ltd",
		"Buyer <GmbH>",
		"BC-2026-00001",
		DAY,
		part,
		Signatory("Seller Ltd", "Ada Lovelace", "Head of Credit", DAY),
		Signatory("Buyer <GmbH>", "王芳", "Chief Accountant"),
		{0: "Ledger Dispute LD-1: Accepted", **outcomes},
	)


def part(count: int = 1) -> CurrencyReconciliation:
	ours = [line("a", 1, 120, "INV-1"), *(line(f"o{n}", 2, 10 + n, f"INV-9{n:03d}") for n in range(count))]
	made = compared(ours, [line("t", 1, 100, "INV-1")]).parts[0]
	# As it comes out of the database.
	return part_of(rows_of(made), "EUR", made.identity.theirs, made.identity.ours)


def test_the_paper_names_balances_differences_outcomes_and_signatories():
	html = html_page(lay_out(signed(part()), STYLE, DAY))
	for text in (
		"Balance Agreement",
		"EUR 130.00",
		"EUR 100.00",
		"Amount Differs",
		"Ours Only",
		"Ledger Dispute LD-1: Accepted",
		"Head of Credit",
		"Chief Accountant",
		"Signature and Stamp",
		"Buyer &lt;GmbH&gt;",
	):
		assert text in html, text


def test_a_long_list_is_cut_and_says_so():
	layout = lay_out(signed(part(MOST_OF_A_KIND + 5)), STYLE, DAY)
	(table,) = (table for table in layout.tables if table.title.startswith("Ours Only"))
	assert len(table.rows) == MOST_OF_A_KIND + 1
	assert table.title == f"Ours Only: the largest {MOST_OF_A_KIND} of {MOST_OF_A_KIND + 5}"


def test_without_differences_it_has_no_table():
	agreed = compared([line("a", 1, 5, "INV-1")], [line("t", 1, 5, "INV-1")]).parts[0]
	layout = lay_out(signed(agreed), STYLE, DAY)
	assert not layout.tables and len(layout.signatures) == 2


@pytest.mark.skipif(not has_engine(), reason="the optional engine typst is not installed")
def test_the_engine_makes_it():
	assert make_pdf(lay_out(signed(part()), STYLE, DAY)).startswith(b"%PDF")
