"""Moments with and without a time zone: the rules want one, the database keeps the site's time without it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone


def aware(moment: datetime) -> datetime:
	"""Return a moment of the site, whose dates carry no zone, with the site's zone."""
	return moment.replace(tzinfo=ZoneInfo(get_system_timezone()))


def naive(moment: datetime) -> datetime:
	"""Return *moment* (with a zone) as the site keeps it."""
	return moment.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None)
