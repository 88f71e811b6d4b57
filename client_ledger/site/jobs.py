"""Background work whose steps do not stop one another: what fails is rolled back, logged and left out."""

import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import frappe
from redis.exceptions import RedisError

from client_ledger.ledger.database import chunks

Item = TypeVar("Item")
Result = TypeVar("Result")

# What an Error Log takes.
TITLE_LENGTH = 140
BATCH = 500
# How often what the database ended because of another worker (a deadlock, a lock held too long) is done in all.
TRIES = 4
LOCKS = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


def safely(title: str, work: Callable[[], object]) -> None:
	"""Do *work*; if it fails, roll it back and log it under *title*. After a deadlock it is done again first."""
	try:
		again_after_a_lock(work)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=title)
		frappe.db.commit()  # nosemgrep: the log outlives what failed


def each_or_log(
	items: Sequence[Item],
	work: Callable[[list[Item]], Result],
	*,
	title: str,
	doctype: str,
	size: int | None = None,
	name: Callable[[Item], str] = str,
	on_failure: Callable[[Item, Exception], object] | None = None,
	savepoint: str | None = None,
) -> tuple[list[Result], list[Item]]:
	"""Do *work* in batches of *size* items (None: all in one), each committed; return (results, items that failed).

	A batch that fails is rolled back and done again one item at a time; an item that fails alone is logged under
	"title: name", with a reference to the *doctype* its name is of. on_failure: called after the log is written, in
	the same transaction. savepoint: roll back to a savepoint of this name only, where the caller's transaction has
	written before. Without one, a batch that met a deadlock is done again before it counts as failed.
	"""
	results: list[Result] = []
	failed: list[Item] = []
	waiting = deque(chunks(items, size or max(len(items), 1)))
	while waiting:
		batch = waiting.popleft()
		try:
			if savepoint:
				frappe.db.savepoint(savepoint)
				results.append(work(batch))
			else:
				results.append(again_after_a_lock(partial(work, batch)))
			frappe.db.commit()  # nosemgrep: one batch does not undo another
		except Exception as error:
			frappe.db.rollback(save_point=savepoint)
			if len(batch) > 1:
				waiting.extendleft([item] for item in reversed(batch))
				continue
			failed += batch
			_log(title, doctype, name(batch[0]))
			if on_failure:
				on_failure(batch[0], error)
			frappe.db.commit()  # nosemgrep: the log outlives what failed
	return results, failed


def store_or_log(
	doctype: str, values: Sequence[tuple[str, dict[str, Any]]], *, title: str, savepoint: str | None = None
) -> None:
	"""Write *values* (name, values by field) in batches as each_or_log does; who changed a document, and when, stays as it is."""

	def write(batch: list[tuple[str, dict[str, Any]]]) -> None:
		for name, fields in batch:
			frappe.db.set_value(doctype, name, fields, update_modified=False)

	each_or_log(
		values,
		write,
		title=title,
		doctype=doctype,
		size=BATCH,
		name=lambda one: one[0],
		savepoint=savepoint,
	)


@contextmanager
def log_if_queue_fails(consequence: str) -> Iterator[None]:
	"""Log *consequence* where the queue of jobs cannot be reached or is full; what was done before it stays."""
	try:
		yield
	except (RedisError, frappe.QueueOverloaded) as error:
		frappe.logger("client_ledger").error(f"{consequence}: {error}")


def again_after_a_lock(work: Callable[[], Result]) -> Result:
	"""Do *work*, anew and from a fresh transaction where the database ended it for the sake of another worker."""
	for tried in range(1, TRIES):
		try:
			return work()
		except LOCKS:
			frappe.db.rollback()
			# Two workers that met once shall not meet again at the same moment.
			time.sleep(random.uniform(0, 0.2 * tried))
	return work()


def _log(title: str, doctype: str, name: str) -> None:
	frappe.log_error(title=f"{title}: {name}"[:TITLE_LENGTH], reference_doctype=doctype, reference_name=name)
