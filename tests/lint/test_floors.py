"""The order of the packages: a floor imports only floors below it, nothing imports in a circle, names are told apart.

The order is read from the list in docs/development.md. Every import counts, also those in functions and those for type
hints, and so does a string that names a module of the app (what is queued or looked up by its dotted path).
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "client_ledger"
DOTTED = re.compile(r"^client_ledger(\.\w+)+$")

# Jobs are queued by the dotted path of their function: every floor may name those.
JOBS = "client_ledger.tasks"
# What Frappe reads as dotted paths: declarations, not imports.
DECLARATIONS = ("client_ledger.hooks", "client_ledger.commands")

# Faults that are known and on their way out. A line that is no fault any more fails the test: take it out.
KNOWN_UPWARD: set[tuple[str, str]] = set()
KNOWN_CIRCLES: set[str] = set()
KNOWN_ALIKE: set[str] = set()
KNOWN_SHARED_CLASS_NAMES: set[str] = set()
# Class names that may be defined more than once, and why.
SHARED_CLASS_NAMES = {
	"Filters": "each report's own, used in its file only",
	"ControlFinding": "Frappe names a controller by its DocType: the row of what the core found",
	"ControlRun": "Frappe names a controller by its DocType: the row of what the core ran",
}


@cache
def modules() -> dict[str, Path]:
	"""Return the app's modules by dotted name; the links beside the Frappe module are left out."""
	found = {}
	for path in sorted(APP.rglob("*.py")):
		parts = path.relative_to(ROOT).with_suffix("").parts
		if len(parts) > 2 and (APP / parts[1]).is_symlink():
			continue
		found[".".join(parts).removesuffix(".__init__")] = path
	return found


def imported_names(tree: ast.AST, module: str, is_package: bool) -> Iterator[str]:
	"""Yield the dotted names that *module* imports or names in a string, wherever in the file."""
	for node in ast.walk(tree):
		if isinstance(node, ast.Import):
			yield from (alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom):
			base = node.module or ""
			if node.level:
				parents = module.split(".")[
					: None if is_package and node.level == 1 else is_package - node.level
				]
				base = ".".join([*parents, *filter(None, [base])])
			yield from (f"{base}.{alias.name}" for alias in node.names)
		elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.match(node.value):
			if module not in DECLARATIONS and not node.value.startswith(JOBS):
				yield node.value


@cache
def parsed(path: Path) -> ast.Module:
	"""Return the syntax tree of a file, read once."""
	return ast.parse(path.read_text(encoding="utf-8"))


def owner(name: str, known: Mapping[str, Path]) -> str | None:
	"""Return the module that a dotted name leads to: itself, or the longest part of it that is a module."""
	while name.startswith("client_ledger."):
		if name in known:
			return name
		name = name.rpartition(".")[0]
	return None


@cache
def import_graph() -> dict[str, set[str]]:
	"""Return for each module the modules of the app that it imports."""
	known = modules()
	graph = {}
	for module, path in known.items():
		tree = parsed(path)
		names = imported_names(tree, module, path.name == "__init__.py")
		graph[module] = {found for name in names if (found := owner(name, known))} - {module}
	return graph


def floors() -> dict[str, int]:
	"""Return the floor of each package or module at the top of the app, counted from the lowest."""
	text = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
	lines = re.search(r"^```floors\n(.*?)^```", text, re.M | re.S)[1].splitlines()
	names = [re.split(r"[,\s]+", line.strip()) for line in lines]
	listed = [name for line in names for name in line]
	assert len(listed) == len(set(listed)), "a package is listed more than once"
	return {name: number for number, line in enumerate(names) for name in line}


def room(module: str) -> str:
	"""Return the package or module at the top of the app that *module* belongs to ("" is the app itself)."""
	return [*module.split("."), ""][1]


def circles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
	"""Return the sets of nodes that reach one another (Tarjan's strongly connected components), sorted."""
	order: dict[str, int] = {}
	lowest: dict[str, int] = {}
	stack: list[str] = []
	found = []

	def visit(node: str) -> None:
		order[node] = lowest[node] = len(order)
		stack.append(node)
		for other in sorted(graph.get(node, ())):
			if other not in order:
				visit(other)
			if other in stack:
				lowest[node] = min(lowest[node], lowest[other])
		if lowest[node] == order[node]:
			place = stack.index(node)
			group = sorted(stack[place:])
			del stack[place:]
			if len(group) > 1:
				found.append(group)

	for node in sorted(graph):
		if node not in order:
			visit(node)
	return sorted(found)


def within(package: str, graph: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
	"""Return how the direct children of *package* import each other, each subpackage taken as one."""

	def child(module: str) -> str | None:
		rest = module.removeprefix(package + ".")
		return f"{package}.{rest.split('.')[0]}" if rest != module else None

	found: dict[str, set[str]] = defaultdict(set)
	for module, imports in graph.items():
		if source := child(module):
			found[source] |= {target for name in imports if (target := child(name)) and target != source}
	return dict(found)


def one_letter_apart(first: str, second: str) -> bool:
	"""Whether one changed, added or dropped letter makes one name the other."""
	if len(first) > len(second):
		first, second = second, first
	if len(second) - len(first) > 1:
		return False
	if len(first) == len(second):
		return sum(a != b for a, b in zip(first, second, strict=True)) == 1
	return any(second[:at] + second[at + 1 :] == first for at in range(len(second)))


def test_every_package_has_a_floor():
	rooms = {room(module) for module in modules()} - {""}
	assert rooms == set(floors()), "docs/development.md lists other packages than there are"


def test_imports_go_down():
	level = floors()
	upward = {
		(module, imported)
		for module, imports in import_graph().items()
		for imported in imports
		if room(module) != room(imported)
		and room(module)
		and room(imported)
		and level[room(imported)] >= level[room(module)]
	}
	assert upward == KNOWN_UPWARD


def test_nothing_imports_in_a_circle():
	graph = import_graph()
	packages = {module.rpartition(".")[0] for module in graph} - {""}
	found = {" ".join(group) for group in circles(graph)}
	for package in packages:
		found |= {" ".join(group) for group in circles(within(package, graph))}
	assert found == KNOWN_CIRCLES


def test_names_in_a_package_are_told_apart():
	names = defaultdict(set)
	for module in modules():
		package, _, name = module.rpartition(".")
		names[package].add(name)
	alike = {
		f"{package}: {first} {second}"
		for package, found in names.items()
		for first, second in combinations(sorted(found), 2)
		if one_letter_apart(first, second)
	}
	assert alike == KNOWN_ALIKE


def test_a_class_name_means_one_thing():
	places = defaultdict(set)
	for module, path in modules().items():
		for node in ast.walk(parsed(path)):
			if isinstance(node, ast.ClassDef):
				places[node.name].add(module)
	shared = {name: sorted(found) for name, found in places.items() if len(found) > 1}
	listed = KNOWN_SHARED_CLASS_NAMES | set(SHARED_CLASS_NAMES)
	new = {name: found for name, found in shared.items() if name not in listed}
	assert not new, "give one of each a name of its own, or list it here with the reason"
	assert listed <= set(shared), "listed, but not shared any more"


def test_circles_are_found():
	assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [["a", "b", "c"]]
	assert circles({"a": ["b", "c"], "b": ["c"]}) == []


def test_names_one_letter_apart_are_found():
	assert one_letter_apart("reader", "readers") and one_letter_apart("render", "sender")
	assert not one_letter_apart("reader", "reading") and not one_letter_apart("rows", "rows")
