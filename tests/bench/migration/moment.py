"""Connect a program to a site at a fixed moment of the site's clock, so that what it writes and reads is the same on any day.

Imported by the programs beside it, which run with whichever checkout of the app the site uses: only the standard library,
frappe and freezegun are taken for granted.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

sys.path.append(os.environ["CLIENT_LEDGER_TEST_PACKAGES"])

from freezegun import freeze_time

# Noon in New York, the test sites' zone.
NOON = datetime(2026, 11, 27, 17, tzinfo=timezone.utc)


def day(days: float) -> datetime:
	"""Return the moment so many days after that noon."""
	return NOON + timedelta(days=days)


@contextmanager
def connected(site: str, days: float = 0, tick: bool = True) -> Iterator[None]:
	"""Be Administrator on *site*, so many days after that noon. tick: whether the clock goes on."""
	with freeze_time(day(days), tick=tick):
		import frappe

		frappe.init(site=site, sites_path=os.environ["SITES_PATH"])
		frappe.connect()
		frappe.set_user("Administrator")
		frappe.flags.mute_emails = True
		try:
			yield
		finally:
			frappe.destroy()
