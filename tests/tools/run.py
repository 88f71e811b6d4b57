"""Runs the tiers of tests and says what ran, what was skipped and why: python -m tests.tools.run [TIER...]

Tiers: lint, unit, preview, mariadb, postgres, bench, browser, migration; all but migration without arguments. The benches are those of FRAPPE_BENCH
(paths separated by colons), else ~/frappe-bench and ~/frappe-bench-16 where they exist. Without arguments the benches
take turns: each runs what is marked `every_version` and its share of the other modules. ARGS goes to pytest,
KEEP=1 keeps the test sites. A few tests that fail on a bench are run once more by themselves, and named where they pass then: a
busy machine is slow to answer. Exits with 1 when anything failed.
"""

import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.tools.database import DatabaseError, postgres_program, program
from tests.tools.overlay import CHECKOUT, ROOT, Overlay, OverlayError

TIERS = ("lint", "unit", "preview", "mariadb", "postgres", "bench", "browser", "migration")
# Takes long and the history of the repository, so it runs when it is asked for.
ON_DEMAND = ("migration",)
ON_A_BENCH = {
	# By its whole path, for the tests work in the sites folder.
	"bench": ["tests/bench", f"--ignore={CHECKOUT / 'tests/bench/migration'}"],
	"browser": ["tests/browser"],
	"migration": ["tests/bench/migration"],
}
# Tests in a browser wait as long as they work, so they run beside those of the bench, on a site of their own.
SITE_OF = {"browser": "browser"}
DEFAULT_BENCHES = ("~/frappe-bench", "~/frappe-bench-16")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Minutes without a word from a program after which it is taken for stuck. A test says so when it passes; none takes this
# long, but for the site of an older revision that is filled first.
SILENCE, SILENCE_OF_FILLING = 15, 60
# The last lines of a log are what is kept of it, so there must not be too many.
MOST_NAMES, MOST_REASONS = 40, 3
# More than these fail for a reason that running them again does not take away.
MOST_RUN_AGAIN = 10
NPM_PACKAGES = ("prettier@3.1.0", "eslint@8.57.1", "axe-core@4.10.3")
_printing, _installing = threading.Lock(), threading.Lock()


@dataclass
class Outcome:
	"""What became of one tier, in numbers of tests and seconds. names: of what failed; unsteady: of what passed when run again."""

	tier: str
	passed: int = 0
	failed: int = 0
	skipped: int = 0
	seconds: float = 0
	reason: str = ""
	names: list[str] = field(default_factory=list)
	unsteady: list[str] = field(default_factory=list)

	@property
	def state(self) -> str:
		"""Return failed, passed or skipped."""
		return "failed" if self.failed else "passed" if self.passed else "skipped"

	def __str__(self) -> str:
		counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
		return f"{self.tier:<12}{self.state:<9}{self.seconds:5.0f} s  {counts}  {self.reason}".rstrip()


def say(text: str) -> None:
	"""Print a line at once, whole, though tiers run side by side."""
	with _printing:
		print(text, flush=True)


def stream(
	command: Sequence[str],
	prefix: str = "",
	environment: Mapping[str, str] | None = None,
	cwd: Path = CHECKOUT,
	silence: float = SILENCE,
) -> int:
	"""Run *command*, print its output with a prefix, and return its exit code (124: no word for *silence* minutes)."""
	process = subprocess.Popen(
		command,
		cwd=cwd,
		env=environment,
		stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
	)
	try:
		for line in read_lines(process.stdout, silence * 60):
			say(prefix + line)
		return process.wait()
	except TimeoutError:
		process.kill()
		process.wait()
		return 124
	finally:
		if process.poll() is None:
			process.terminate()


def read_lines(pipe: IO[bytes], silence: float) -> Iterator[str]:
	"""Yield the lines of *pipe* without their ends; raise TimeoutError when nothing at all comes for *silence* seconds."""
	rest = b""
	while select.select([pipe], [], [], silence)[0]:
		if not (chunk := os.read(pipe.fileno(), 65536)):
			if rest:
				yield rest.decode(errors="replace")
			return
		*lines, rest = (rest + chunk).split(b"\n")
		yield from (line.decode(errors="replace").rstrip("\r") for line in lines)
	if rest:
		yield rest.decode(errors="replace")
	raise TimeoutError


def run_pytest(
	tier: str, python: Sequence[str], paths: Sequence[str], environment: Mapping[str, str] | None = None
) -> Outcome:
	"""Run one tier's tests and count them from pytest's own report."""
	start = time.monotonic()
	report = ROOT / "results" / f"{tier.replace(' ', '-')}.xml"
	report.parent.mkdir(parents=True, exist_ok=True)
	report.unlink(missing_ok=True)
	arguments = [f"--junitxml={report}", *shlex.split(os.environ.get("ARGS", "")), *paths]
	silence = SILENCE_OF_FILLING if tier.startswith("migration") else SILENCE
	code = stream([*python, *arguments], f"[{tier}] ", environment, silence=silence)
	outcome = Outcome(tier, seconds=time.monotonic() - start)
	if report.exists():
		root = ElementTree.parse(report).getroot()
		outcome.names, outcome.reason = failed_names(root), skip_reasons(root)
		for suite in root.iter("testsuite"):
			failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
			outcome.failed += failed
			outcome.skipped += int(suite.get("skipped", 0))
			outcome.passed += int(suite.get("tests", 0)) - failed - int(suite.get("skipped", 0))
	if code and not outcome.failed:
		outcome.failed = 1
		reasons = {5: "no tests were found", 124: f"said nothing for {silence} minutes"}
		outcome.reason = reasons.get(code, f"pytest ended with {code}")
	return outcome


def run_again(
	outcome: Outcome, python: Sequence[str], environment: Mapping[str, str] | None = None
) -> Outcome:
	"""Return a tier's outcome after its failed tests, if they are few, have run once more by themselves."""
	ids = [node_id(name) for name in outcome.names]
	if not ids or len(ids) != outcome.failed or len(ids) > MOST_RUN_AGAIN or None in ids:
		return outcome
	say(f"[{outcome.tier}] {len(ids)} failed and run once more")
	second = run_pytest(f"{outcome.tier} again", python, ids, environment)
	if second.passed + second.failed != len(ids):
		return outcome
	outcome.unsteady = [name for name in outcome.names if name not in second.names]
	outcome.names, outcome.failed = second.names, second.failed
	outcome.passed += second.passed
	outcome.seconds += second.seconds
	return outcome


def node_id(name: str) -> str | None:
	"""Return how pytest calls a test that its report names tests.unit.test_module[.TestClass]::test_name; None where there is no such module."""
	place, _sign, test = name.partition("::")
	parts = place.split(".") if place else []
	for count in range(len(parts), 0, -1):
		path = Path(*parts[:count]).with_suffix(".py")
		if test and (CHECKOUT / path).is_file():
			return "::".join((str(path), *parts[count:], test))
	return None


def failed_names(report: ElementTree.Element) -> list[str]:
	"""Return the tests that failed in pytest's report, as tests.unit.test_module::test_name."""
	return [
		f"{case.get('classname')}::{case.get('name')}"
		for case in report.iter("testcase")
		if case.find("failure") is not None or case.find("error") is not None
	]


def skip_reasons(report: ElementTree.Element) -> str:
	"""Return why tests were skipped, the most common reason first."""
	reasons = Counter(
		case.find("skipped").get("message", "").strip()
		for case in report.iter("testcase")
		if case.find("skipped") is not None
	)
	return "; ".join(
		f"{reason[:100]} ({count})" for reason, count in reasons.most_common(MOST_REASONS) if reason
	)


def lint() -> Outcome:
	"""Check Python with ruff, scripts with prettier and eslint where node is installed, and what the tree must be like."""
	start = time.monotonic()
	outcome = Outcome("lint")
	ruff = [sys.executable, "-m", "ruff"]
	commands = [[*ruff, "check", "--quiet", "."], [*ruff, "format", "--check", "--quiet", "."]]
	try:
		commands += _script_checks()
	except (DatabaseError, OSError, subprocess.SubprocessError) as error:
		outcome.skipped += 2
		outcome.reason = f"prettier and eslint skipped: {error}"
	for command in commands:
		if stream(command, "[lint] "):
			outcome.failed += 1
			outcome.names.append(" ".join(command)[:160])
			say(f"[lint] failed: {outcome.names[-1]}")
		else:
			outcome.passed += 1
	read = run_pytest("lint", [sys.executable, "-m", "pytest", "-q"], ["tests/lint"])
	outcome.passed += read.passed
	outcome.failed += read.failed
	outcome.skipped += read.skipped
	outcome.names += read.names
	outcome.reason = "; ".join(filter(None, (outcome.reason, read.reason)))
	outcome.seconds = time.monotonic() - start
	return outcome


def node_packages() -> Path:
	"""Return the folder of the packages from npm that the tests use; install them, out of the way, where they are not."""
	program("node")
	home = ROOT / "node"
	packages = home / "node_modules"
	with _installing:
		if not all((packages / name.split("@")[0]).exists() for name in NPM_PACKAGES):
			home.mkdir(parents=True, exist_ok=True)
			install = [
				program("npm"),
				"install",
				"--no-save",
				"--no-audit",
				"--no-fund",
				"--prefix",
				str(home),
			]
			done = subprocess.run([*install, *NPM_PACKAGES], capture_output=True, text=True, timeout=300)
			if done.returncode:
				raise OSError(f"npm could not install them: {done.stderr.strip().splitlines()[-1:]}")
	return packages


def _script_checks() -> list[list[str]]:
	"""Return the commands that check scripts and styles, their programs installed out of the way."""
	tools = node_packages() / ".bin"
	tracked = subprocess.run(
		["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.js", "*.css", "*.scss"],
		cwd=CHECKOUT,
		capture_output=True,
		text=True,
		check=True,
	).stdout.split()
	files = [name for name in tracked if "/dist/" not in name and "/static/" not in name]
	scripts = [name for name in files if name.endswith(".js")]
	if not files:
		return []
	config = "tests/tools/eslint.json"
	return [
		[str(tools / "prettier"), "--check", "--log-level", "warn", *files],
		[str(tools / "eslint"), "--no-eslintrc", "--config", config, *scripts],
	]


def unit() -> Outcome:
	"""Run the tests that need nothing."""
	return run_pytest("unit", [sys.executable, "-m", "pytest", "-q"], ["tests/unit"])


def preview() -> Outcome:
	"""Run the tests of the `client-ledger` command: its imports, also killed ones, its page and its workbook."""
	return run_pytest("preview", [sys.executable, "-m", "pytest", "-q"], ["tests/preview"])


def mariadb() -> Outcome:
	"""Run the ledger's SQL on a private MariaDB server, where its program is installed."""
	try:
		program("mariadbd", "mysqld")
	except DatabaseError as error:
		return Outcome("mariadb", skipped=1, reason=str(error))
	return run_pytest("mariadb", [sys.executable, "-m", "pytest", "-q"], ["tests/mariadb"])


def postgres() -> Outcome:
	"""Run the ledger's SQL on a private Postgres server, where its programs are installed."""
	try:
		postgres_program("postgres")
	except DatabaseError as error:
		return Outcome("postgres", skipped=1, reason=str(error))
	return run_pytest("postgres", [sys.executable, "-m", "pytest", "-q"], ["tests/postgres"])


def benches() -> list[Path]:
	"""Return the benches to test on."""
	if named := os.environ.get("FRAPPE_BENCH"):
		return [Path(path).expanduser() for path in named.split(":") if path]
	return [path for path in map(Path.expanduser, map(Path, DEFAULT_BENCHES)) if path.exists()]


def on_bench(path: Path, tiers: Sequence[str], turns: Sequence[str]) -> list[Outcome]:
	"""Run the tiers that need a bench on one of them, side by side, each on a site of its own.

	turns: the versions that take turns, none where each runs all.
	"""
	try:
		overlays = {tier: Overlay(path, label=SITE_OF.get(tier, "")) for tier in tiers}
	except OverlayError as error:
		how = "failed" if os.environ.get("FRAPPE_BENCH") and path.exists() else "skipped"
		return [Outcome(tier, **{how: 1}, reason=str(error)) for tier in tiers]
	with ThreadPoolExecutor(len(tiers)) as pool:
		return list(pool.map(lambda tier: on_site(overlays[tier], tier, turns), tiers))


def on_site(overlay: Overlay, tier: str, turns: Sequence[str]) -> Outcome:
	"""Run one tier on the site of an overlay, made for it."""
	start, name = time.monotonic(), f"{tier} {overlay.name}"
	chromium = next(filter(None, map(shutil.which, CHROMIUM)), os.environ.get("CHROMIUM"))
	lacking = f"no {', '.join(CHROMIUM)} is installed" if not chromium else ""
	lacking = lacking or ("" if shutil.which("node") else "no node is installed, which builds the scripts")
	if tier == "browser" and lacking:
		return Outcome(name, skipped=1, reason=lacking)
	try:
		overlay.check()
	except OverlayError as error:
		return Outcome(name, skipped=1, reason=str(error))
	say(f"[{name}] making the site {overlay.site} (minutes the first time, seconds later)")
	try:
		with overlay.running(keep=bool(os.environ.get("KEEP"))):
			overlay.install_test_packages(sys.executable)
			say(f"[{name}] ready after {time.monotonic() - start:.0f} s")
			environment = {
				**overlay.environment(),
				"CLIENT_LEDGER_PIP_PYTHON": sys.executable,
				"CLIENT_LEDGER_BENCHES": os.pathsep.join(map(str, benches())),
				"CLIENT_LEDGER_TURNS": ",".join(turns),
				**(_of_browsers(chromium) if chromium else {}),
			}
			python = [str(overlay.python), "tests/tools/bench_pytest.py", "-q", "-p", "no:cacheprovider"]
			outcome = run_pytest(name, python, ON_A_BENCH[tier], environment)
			return run_again(outcome, python, environment)
	except (OverlayError, DatabaseError, OSError, subprocess.SubprocessError) as error:
		say(f"[{name}] {error}")
		return Outcome(name, failed=1, reason=str(error).splitlines()[0])


def _of_browsers(chromium: str) -> dict[str, str]:
	"""Return what tests in a browser need: the browser, and axe-core where npm has it."""
	found = {"CHROMIUM": chromium}
	with suppress(DatabaseError, OSError, subprocess.SubprocessError):
		found["CLIENT_LEDGER_AXE"] = str(node_packages() / "axe-core/axe.min.js")
	return found


def on_benches(tiers: Sequence[str], in_turn: bool) -> list[Outcome]:
	"""Run the tiers on all benches, side by side; in_turn: each module on one of them, but for those that need every version."""
	found = benches()
	if not found:
		reason = f"no bench: FRAPPE_BENCH is not set and there is no {' or '.join(DEFAULT_BENCHES)}"
		return [Outcome(tier, skipped=1, reason=reason) for tier in tiers]
	turns = versions_of(found) if in_turn else []
	with ThreadPoolExecutor(len(found)) as pool:
		return [
			outcome
			for outcomes in pool.map(lambda path: on_bench(path, tiers, turns), found)
			for outcome in outcomes
		]


def versions_of(paths: Sequence[Path]) -> list[str]:
	"""Return the versions that take turns: those of *paths* where they are benches of different ones."""
	names = []
	for path in paths:
		with suppress(OverlayError):
			names.append(Overlay(path).name)
	return names if len(set(names)) == len(names) > 1 else []


def main(arguments: Sequence[str]) -> int:
	"""Run the tiers named and print the summary; return the exit code."""
	if unknown := [name for name in arguments if name not in TIERS]:
		print(f"unknown tier {', '.join(unknown)}; there are {', '.join(TIERS)}", file=sys.stderr)
		return 2
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
	wanted = arguments or [tier for tier in TIERS if tier not in ON_DEMAND]
	alone = {"lint": lint, "unit": unit, "preview": preview, "mariadb": mariadb, "postgres": postgres}
	of_benches = [tier for tier in ON_A_BENCH if tier in wanted]
	with ThreadPoolExecutor(2) as pool:
		# What needs no bench takes a few minutes of one processor.
		first = pool.submit(lambda: [alone[tier]() for tier in TIERS if tier in wanted and tier in alone])
		then = pool.submit(lambda: on_benches(of_benches, in_turn=not arguments) if of_benches else [])
		outcomes = first.result() + then.result()
	if not arguments:
		outcomes += [Outcome(tier, skipped=1, reason=f"on demand: make test-{tier}") for tier in ON_DEMAND]
	return summarise(outcomes)


def summarise(outcomes: Sequence[Outcome]) -> int:
	"""Print what became of the tiers, and last of all the names of what failed; return the exit code."""
	print()
	for outcome in outcomes:
		print(outcome)
	totals = [sum(getattr(outcome, name) for outcome in outcomes) for name in ("passed", "failed", "skipped")]
	print("{} passed, {} failed, {} skipped".format(*totals))
	for name in [f"[{outcome.tier}] {name}" for outcome in outcomes for name in outcome.unsteady]:
		print(f"passed only when run again: {name}")
	names = [f"[{outcome.tier}] {name}" for outcome in outcomes for name in outcome.names]
	for name in names[:MOST_NAMES]:
		print(f"failed: {name}")
	if len(names) > MOST_NAMES:
		print(f"and {len(names) - MOST_NAMES} more failed")
	sys.stdout.flush()
	return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
