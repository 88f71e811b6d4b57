"""What requests send, read in one place: each argument is checked by its kind before anything is done with it.

A kind is a function of a value that returns it fit to use, or raises Unfit with what is wrong and what to do. Under
`@frappe.whitelist(methods=[...])` stands `@arguments(as_of=a_date)`; an argument without a kind there gets the one of its type hint.
Whatever is wrong is a BadArgument, an error of the client (417) in the user's language; a lock that somebody else holds
is a TryAgain (409).
"""

import inspect
import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any, NoReturn

import frappe
from frappe import _

from client_ledger.site.messages import bold, filled

Kind = Callable[[Any], Any]

NAME_LENGTH, TEXT_LENGTH, LETTER_LENGTH = 140, 10_000, 100_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_AMOUNT = Decimal(10) ** 12  # what a column decimal(21,9) holds
MOST_COUNT = 10**9
MOST_ROWS = 5_000
DEEPEST = 4
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# What MariaDB says of a value that it cannot store: too long, out of range, no date, no number, no text.
_UNFIT_VALUE = {1264, 1265, 1292, 1366, 1406, 1411, 3140, 4025}


class BadArgument(frappe.ValidationError):
	"""A request sent something that cannot be used."""


class TryAgain(frappe.ValidationError, frappe.QueryTimeoutError):
	"""Somebody else holds what the request needs, for now. What retries a lock retries this too."""

	http_status_code = 409


class Unfit(ValueError):
	"""What is wrong with a value and what to do, as a sentence in the user's language."""


# --- kinds ---


def a_name(value: Any) -> str | None:
	"""Return the name of a document, a choice or another short text. "" stays what it is, None says nothing."""
	return _text(value, NAME_LENGTH)


def a_text(value: Any) -> str | None:
	"""Return what somebody wrote: reasons, notes."""
	return _text(value, TEXT_LENGTH)


def a_letter(value: Any) -> str | None:
	"""Return a letter as HTML; whoever keeps it sanitises it."""
	return _text(value, LETTER_LENGTH)


def a_flag(value: Any) -> bool:
	"""Return yes or no: true, 1 and "1", or false, 0, "0" and nothing."""
	if isinstance(value, str):
		value = value.strip().lower()
	if value in (None, "", 0, "0", "false"):
		return False
	if value in (1, "1", "true"):
		return True
	raise Unfit(_("Enter 0 or 1."))


def a_count(value: Any) -> int:
	"""Return a whole number."""
	number = _number(0 if value in (None, "") else value)
	if number != int(number) or abs(number) > MOST_COUNT:
		raise Unfit(_("Enter a whole number of at most {0}.").format(MOST_COUNT))
	return int(number)


def an_amount(value: Any) -> float | None:
	"""Return an amount of money, None where none is given."""
	if value in (None, ""):
		return None
	number = _number(value)
	if abs(number) >= MOST_AMOUNT:
		raise Unfit(_("Enter an amount less than {0}.").format(f"{MOST_AMOUNT:,}"))
	return float(number)


def a_date(value: Any) -> str | None:
	"""Return a day as YYYY-MM-DD, "" or None where none is given. A time behind it is left out."""
	if value in (None, ""):
		return value
	if isinstance(value, date):
		found: date | None = value.date() if isinstance(value, datetime) else value
	else:
		found = _day_of(value)
	if not found or not FIRST_YEAR <= found.year <= LAST_YEAR:
		raise Unfit(
			_("Enter a date between {0} and {1} as YYYY-MM-DD.").format(
				f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"
			)
		)
	return found.isoformat()


def one_of(*choices: str) -> Kind:
	"""Return the kind of a choice: one of *choices*."""

	def kind(value: Any) -> str:
		if value not in choices:
			raise Unfit(_("Choose one of: {0}.").format(", ".join(_(choice) for choice in choices)))
		return value

	return kind


def some_names(value: Any) -> list[str]:
	"""Return names: a list, a list as JSON, or one name."""
	if isinstance(value, str) and not value.lstrip().startswith("["):
		value = [value]
	found = _json(value)
	if found is None:
		return []
	if not isinstance(found, list) or len(found) > MOST_ROWS:
		raise Unfit(_("Send a list of at most {0} names.").format(MOST_ROWS))
	if not all(isinstance(name, str) for name in found):
		raise Unfit(_("Send a list of at most {0} names.").format(MOST_ROWS))
	return [_text(name, NAME_LENGTH) for name in found]


def some_rows(**columns: Kind) -> Kind:
	"""Return the kind of a table: a list of objects, also as JSON, of which only *columns* are taken."""

	def kind(value: Any) -> list[dict[str, Any]]:
		found = _json(value)
		if found in (None, ""):
			return []
		if (
			not isinstance(found, list)
			or len(found) > MOST_ROWS
			or not all(isinstance(row, dict) for row in found)
		):
			raise Unfit(_("Send a list of at most {0} rows.").format(MOST_ROWS))
		return [_row(number, row, columns) for number, row in enumerate(found, 1)]

	return kind


def some_filters(value: Any) -> dict | list:
	"""Return filters: an object or a list, also as JSON, with nothing in it but short texts, numbers and lists of them."""
	found = _json(value)
	if found in (None, ""):
		return {}
	if not isinstance(found, dict | list):
		raise Unfit(_("Send filters as an object."))
	_check_parts(found, DEEPEST)
	return found


# --- where they are asked for ---


def arguments(**kinds: Kind) -> Callable[[Callable], Callable]:
	"""Check the arguments of a whitelisted function before it runs.

	Raises BadArgument for an argument that is missing, unknown, or not of its kind, TryAgain where a lock does not come.
	"""

	def decorate(function: Callable) -> Callable:
		signature = inspect.signature(function)
		unknown = kinds.keys() - signature.parameters.keys()
		if unknown:
			raise TypeError(f"{function.__name__} has no arguments {sorted(unknown)}")
		known = {
			name: kinds.get(name) or _kind_of_type(parameter.annotation)
			for name, parameter in signature.parameters.items()
		}

		@wraps(function)
		def checked(*args: Any, **kwargs: Any) -> Any:
			return in_words(lambda: function(**_read(signature, known, args, kwargs)))

		# Frappe's own check would come first, in English and without saying what to do.
		checked.__annotations__ = {**dict.fromkeys(known, Any), "return": Any}
		checked.argument_kinds = known
		return checked

	return decorate


def in_words(work: Callable[[], Any]) -> Any:
	"""Return what *work* returns; raise what the database says of locks and values as errors that say what to do.

	Jobs get what the database says: they retry by it.
	"""
	if not getattr(frappe.local, "request", None):
		return work()
	try:
		return work()
	except (frappe.QueryTimeoutError, frappe.QueryDeadlockError) as error:
		_raise_try_again(error)
	except frappe.db.OperationalError as error:
		if not (frappe.db.is_timedout(error) or frappe.db.is_deadlocked(error)):
			raise
		_raise_try_again(error)
	except (frappe.db.DataError, frappe.db.ProgrammingError) as error:
		if not error.args or error.args[0] not in _UNFIT_VALUE:
			raise
		frappe.throw(
			_("A value is too long, too large or of the wrong type. Check what you entered and try again."),
			BadArgument,
		)


def _raise_try_again(error: Exception) -> NoReturn:
	frappe.clear_messages()
	message = _("Another user or job is changing this record. Try again in a minute.")
	frappe.msgprint(message, title=_("Record in Use"), indicator="orange")
	raise TryAgain(message) from error


def report_filters(**labels: str) -> Callable[[Callable[[dict], tuple]], Callable[[dict | None], tuple]]:
	"""Check the filters of a script report before it runs. Raises BadArgument with the filter's label.

	labels: of the filters whose label is not their name in words.
	"""

	def decorate(function: Callable[[dict], tuple]) -> Callable[[dict | None], tuple]:
		@wraps(function)
		def checked(filters: dict | None = None) -> tuple:
			_drop_empty_messages()
			given = check_filters(filters, labels)
			return in_words(lambda: function(given))

		checked.checks_filters = True
		return checked

	return decorate


def _drop_empty_messages() -> None:
	# Frappe 16 checks the filters first, and says "" where a user may choose but not read what one of them names.
	frappe.local.message_log = [one for one in frappe.local.message_log if one.get("message")]


def check_filters(given: Any, labels: Mapping[str, str]) -> frappe._dict:
	"""Return a report's filters, each of them usable: texts, finite numbers, dates, lists of names."""
	try:
		found = some_filters(given)
	except Unfit as error:
		bad_argument("filters", str(error))
	if not isinstance(found, dict):
		bad_argument("filters", _("Send filters as an object."))
	checked = frappe._dict()
	for name, value in found.items():
		try:
			checked[name] = _filter(name, value)
		except Unfit as error:
			bad_argument(name, str(error), labels.get(name))
	return checked


def company_of(given: Any) -> str | None:
	"""Return the company that the filters of a card or chart name, None where they name none."""
	company = given.get("company") if isinstance(given, Mapping) else None
	if not company:
		return None
	try:
		return a_name(company)
	except Unfit as error:
		bad_argument("company", str(error))


def bad_argument(name: str, what: str, label: str | None = None) -> NoReturn:
	"""Raise BadArgument: *what* is wrong with the argument *name*. label: what people know it by, its name where None."""
	frappe.throw(
		filled(_("{0}: {1}"), bold(_(label or frappe.unscrub(_shown(name)))), what),
		BadArgument,
		title=_("Invalid Value"),
	)


def _read(
	signature: inspect.Signature, known: Mapping[str, Kind], args: tuple, kwargs: dict
) -> dict[str, Any]:
	try:
		bound = signature.bind_partial(*args, **kwargs)
	except TypeError:
		unknown = sorted(kwargs.keys() - signature.parameters.keys())
		bad_argument(unknown[0] if unknown else "arguments", _("This argument does not exist. Remove it."))
	given = bound.arguments
	for name, parameter in signature.parameters.items():
		missing = name not in given or given[name] is None
		if missing and parameter.default is inspect.Parameter.empty:
			bad_argument(name, _("This value is required."))
		if name not in given:
			continue
		if given[name] is None or (parameter.default is None and given[name] == ""):
			given[name] = parameter.default
			continue
		try:
			given[name] = known[name](given[name])
		except Unfit as error:
			bad_argument(name, str(error))
	return given


def _kind_of_type(hint: Any) -> Kind:
	if hint in (str, str | None):
		return a_name
	if hint is int:
		return a_count
	if hint is bool:
		return a_flag
	if hint == list[str] | str:
		return some_names
	if hint == dict | list | str | None:
		return some_filters
	raise TypeError(f"no kind of argument for {hint}: name one")


def _filter(name: str, value: Any) -> Any:
	"""Return the filter of a report. Only those in _LISTS take more than one value."""
	if value is None:
		return None
	if name.endswith(("_date", "as_of")):
		return a_date(value)
	if name in _LISTS:
		return _LISTS[name](value)
	if name in _COUNTS:
		number = a_count(value)
		if not 0 <= number <= _COUNTS[name]:
			raise Unfit(_("Enter a number between {0} and {1}.").format(0, _COUNTS[name]))
		return number
	if isinstance(value, bool) or value in (0, 1):
		return value
	return a_name(str(value) if isinstance(value, int) else value)


def _ranges(value: Any) -> Any:
	"""Return what may be bounds of ageing ranges; whether they are is for the report to say."""
	if isinstance(value, list | tuple):
		return [a_count(part) for part in value]
	return a_name(value)


# Filters of reports that take several values, and those that are counts, with the largest one.
_LISTS: dict[str, Kind] = {"customers": some_names, "range": _ranges}
_COUNTS = {"days": 3660, "shown": 1000}


def _row(number: int, row: dict, columns: Mapping[str, Kind]) -> dict[str, Any]:
	read = {}
	for name, kind in columns.items():
		try:
			read[name] = kind(row[name]) if row.get(name) is not None else None
		except Unfit as error:
			raise Unfit(_("Row {0}: {1}").format(number, f"{_(frappe.unscrub(name))}: {error}")) from error
	return read


def _text(value: Any, length: int) -> str | None:
	if value is None:
		return None
	if not isinstance(value, str) or len(value) > length:
		raise Unfit(_("Enter a text of at most {0} characters.").format(length))
	storable(value)
	return value


def storable(text: str) -> bytes:
	"""Return a text as it is stored, UTF-8. Raises Unfit where it has characters that no column takes."""
	try:
		stored = text.encode("utf-8")
	except UnicodeEncodeError:
		stored = b"\0"
	if b"\0" in stored:
		raise Unfit(_("The text contains characters that cannot be stored. Remove them."))
	return stored


def _number(value: Any) -> Decimal:
	if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal) or len(str(value)) > 40:
		raise Unfit(_("Enter a number."))
	try:
		number = Decimal(str(value).strip())
	except InvalidOperation as error:
		raise Unfit(_("Enter a number.")) from error
	if not number.is_finite() or (number and abs(number.adjusted()) > 30):
		raise Unfit(_("Enter a number."))
	return number


def _day_of(value: Any) -> date | None:
	if not isinstance(value, str) or not _DAY.match(value):
		return None
	try:
		datetime.fromisoformat((value[10:] and f"2000-01-01{value[10:]}") or "2000-01-01")
		return date.fromisoformat(value[:10])
	except ValueError:
		return None


def _json(value: Any) -> Any:
	if not isinstance(value, str) or not value:
		return value
	try:
		return json.loads(value)
	except (ValueError, RecursionError) as error:
		raise Unfit(_("Send valid JSON.")) from error


def _check_parts(value: Any, depth: int) -> None:
	if isinstance(value, dict | list | tuple):
		if not depth or len(value) > MOST_ROWS:
			raise Unfit(_("Send no more than {0} levels and {1} entries.").format(DEEPEST, MOST_ROWS))
		if isinstance(value, dict):
			for name in value:
				_text(name, NAME_LENGTH)
		for part in value.values() if isinstance(value, dict) else value:
			_check_parts(part, depth - 1)
	elif isinstance(value, str):
		_text(value, TEXT_LENGTH)
	elif isinstance(value, float) and not math.isfinite(value):
		raise Unfit(_("Enter a number."))
	elif isinstance(value, int) and abs(value) >= MOST_AMOUNT:
		raise Unfit(_("Enter an amount less than {0}.").format(f"{MOST_AMOUNT:,}"))


def _shown(name: str) -> str:
	return re.sub(r"\W", "_", str(name))[:NAME_LENGTH]
