"""What is wrong with the user's input, said so that it can be put right: file, row, column, and what to do."""

from dataclasses import dataclass, field

from client_ledger.preview.i18n import _

MOST_PROBLEMS = 20


class Refused(Exception):
	"""The command cannot go on; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class InputProblem:
	"""One thing wrong in a file. row: as a spreadsheet counts, from 1. column: its heading in the file."""

	file: str
	text: str
	row: int | None = None
	column: str | None = None
	hint: str = ""

	@property
	def place(self) -> str:
		"""Return "invoices.csv, row 7, column Grand Total"."""
		parts = [self.file]
		if self.row is not None:
			parts.append(_("row {0}").format(self.row))
		if self.column:
			parts.append(_("column {0}").format(self.column))
		return ", ".join(parts)

	def __str__(self) -> str:
		return f"{self.place}: {self.text}" + (f" {self.hint}" if self.hint else "")


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


class BadInput(Refused):
	"""The files cannot be imported; nothing was."""

	def __init__(self, problems: InputProblems):
		self.problems = problems
		super().__init__("\n".join(str(problem) for problem in problems.found))
