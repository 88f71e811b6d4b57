"""The clock of the tests on a site: it stands at noon by the site's clock when a module of tests begins, whatever the hour is.

CLIENT_LEDGER_CLOCK=04:30 lets them begin at another hour. The date is the real one, in the site's time zone. A program that a
test starts lives by the same clock when it calls follow() first.
"""

import os
import sys
from datetime import time, timedelta, timezone
from zoneinfo import ZoneInfo

# Programs that tests start look only where the bench's packages are.
sys.path.append(os.environ["CLIENT_LEDGER_TEST_PACKAGES"])

from freezegun import freeze_time
from freezegun.api import real_datetime

HOUR = "CLIENT_LEDGER_CLOCK"
AHEAD = "CLIENT_LEDGER_CLOCK_AHEAD"
# That of the test sites, see tests/tools/site_setup.py.
ZONE = ZoneInfo("America/New_York")


class _Clock:
	moves = None
	begins: real_datetime


def start() -> None:
	"""Begin the day at that hour; the clock goes on from there."""
	real = real_datetime.now(timezone.utc)
	hour = time.fromisoformat(os.environ.get(HOUR, "12:00"))
	local = real_datetime.combine(real.astimezone(ZONE).date(), hour, ZONE)
	_Clock.begins = local.astimezone(timezone.utc)
	_Clock.moves = freeze_time(_Clock.begins, tick=True).start()
	_note(real)


def restart() -> None:
	"""Set the clock back to where it began, so that no day ends while many tests run."""
	_Clock.moves.move_to(_Clock.begins)
	_note(real_datetime.now(timezone.utc))


def _note(real: real_datetime) -> None:
	os.environ[AHEAD] = str((_Clock.begins - real).total_seconds())


def follow() -> None:
	"""Let this program live by the clock of the test that started it."""
	if AHEAD in os.environ:
		ahead = timedelta(seconds=float(os.environ[AHEAD]))
		freeze_time(real_datetime.now(timezone.utc) + ahead, tick=True).start()
