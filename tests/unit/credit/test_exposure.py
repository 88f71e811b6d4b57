"""What of a delivery its order does not cover."""

from decimal import Decimal

import pytest

from client_ledger.core.credit.exposure import beyond_order


@pytest.mark.parametrize(
	("amount", "rate", "ordered", "beyond"),
	[
		(900, 900, 900, 0),
		(1000, 1000, 900, 100),
		(450, 450, 900, 0),
		(2000, 1000, 900, 200),
		# Free of charge in the order.
		(50, 50, 0, 50),
		(0, 0, 0, 0),
		# A cent of a discount that was spread otherwise.
		(100, "100.01", 100, 0),
	],
)
def test_what_is_beyond_the_order(amount, rate, ordered, beyond):
	assert beyond_order(Decimal(amount), Decimal(rate), Decimal(ordered)) == beyond
