"""What commands print on: results go to standard output, messages and progress bars to standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
	BarColumn,
	MofNCompleteColumn,
	Progress,
	SpinnerColumn,
	TextColumn,
	TimeElapsedColumn,
)


def results() -> Console:
	"""Return the console of what was asked for."""
	return Console(highlight=False)


def messages() -> Console:
	"""Return the console of everything else."""
	return Console(stderr=True, highlight=False)


@contextmanager
def progress() -> Iterator[Progress]:
	"""Show progress bars, where somebody is looking."""
	columns = (
		SpinnerColumn(),
		TextColumn("{task.description}"),
		BarColumn(),
		MofNCompleteColumn(),
		TimeElapsedColumn(),
	)
	console = messages()
	with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
		yield bars
