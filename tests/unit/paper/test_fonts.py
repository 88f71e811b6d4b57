"""Which of a machine's fonts set a paper: narrow letters where there are any, Chinese where there is a font for it."""

import pytest

from client_ledger.paper.fonts import chosen_families


@pytest.mark.parametrize(
	("installed", "chosen"),
	[
		(["DejaVu Sans", "Liberation Sans", "noto sans cjk sc"], ["Liberation Sans", "noto sans cjk sc"]),
		# DejaVu's letters are so wide that numbers of vouchers break: the Chinese font's own are taken first.
		(["DejaVu Sans", "Noto Sans CJK SC"], ["Noto Sans CJK SC", "DejaVu Sans"]),
		(["DejaVu Sans", "Noto Sans CJK JP"], ["DejaVu Sans"]),
		(["Noto Sans CJK SC"], ["Noto Sans CJK SC"]),
		(["Comic Neue"], []),
	],
)
def test_fonts_are_chosen_by_what_they_set_well(installed, chosen):
	assert chosen_families(installed) == chosen
