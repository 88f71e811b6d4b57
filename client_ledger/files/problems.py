"""What is wrong with a file, said so that it can be put right: file, row, column, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass, field

MOST_PROBLEMS = 20

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class InputProblem:
	"""One thing wrong in a file. row: as a spreadsheet counts, from 1. column: its heading in the file.

	text and hint are in the user's language.
	"""

	file: str
	text: str
	row: int | None = None
	column: str | None = None
	hint: str = ""

	def place(self, _: Translate) -> str:
		"""Return "invoices.csv, row 7, column Grand Total"."""
		parts = [self.file]
		if self.row is not None:
			parts.append(_("row {0}").format(self.row))
		if self.column:
			parts.append(_("column {0}").format(self.column))
		return ", ".join(parts)

	def describe(self, _: Translate) -> str:
		"""Return the place, what is wrong there, and what to do."""
		return f"{self.place(_)}: {self.text}" + (f" {self.hint}" if self.hint else "")


@dataclass(slots=True)
class InputProblems:
	"""The first problems found; `more` counts those beyond."""

	found: list[InputProblem] = field(default_factory=list)
	more: int = 0

	def add(self, problem: InputProblem) -> None:
		"""Keep a problem, or count it once there are enough."""
		if len(self.found) < MOST_PROBLEMS:
			self.found.append(problem)
		else:
			self.more += 1

	def __bool__(self) -> bool:
		return bool(self.found)


class UnreadableFile(Exception):
	"""A file that cannot be read as a table. message and hint are in English, marked for translation."""

	def __init__(self, message: str, *values: object, row: int | None = None, hint: str = ""):
		self.message, self.values, self.row, self.hint = message, values, row, hint
		super().__init__(message.format(*values))

	def problem(self, file: str, _: Translate) -> InputProblem:
		"""Return it as a problem of *file* in the user's language."""
		hint = _(self.hint) if self.hint else ""
		return InputProblem(file, _(self.message).format(*self.values), self.row, hint=hint)


class NotText(UnreadableFile):
	"""A file that is neither a workbook nor a text."""
