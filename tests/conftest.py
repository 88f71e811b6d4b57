"""Markers of all tiers; tests/tools runs the tiers, `make test` starts it."""

import os
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings

# A busy machine is no failure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_configure(config: pytest.Config) -> None:
	config.pluginmanager.register(_FailuresAtOnce(config))
	config.addinivalue_line(
		"markers",
		"one_transaction: the module's tests share one transaction, rolled back at the module's end",
	)
	config.addinivalue_line(
		"markers", "every_version: the module runs on every version of ERPNext, not on one in turn"
	)


class _FailuresAtOnce:
	"""Names a test as it fails, so that a run that is long, or ended from outside, has said so."""

	def __init__(self, config: pytest.Config):
		self.config = config

	def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
		terminal = self.config.pluginmanager.get_plugin("terminalreporter")
		if report.failed and terminal and report.longrepr:
			terminal.write_line(f"\n{report.nodeid} ({report.when}): {str(report.longrepr)[-400:]}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	"""Where several versions take turns (CLIENT_LEDGER_TURNS names them), skip the modules that another one runs."""
	turns = [version for version in os.environ.get("CLIENT_LEDGER_TURNS", "").split(",") if version]
	for item in items:
		if turns and not item.get_closest_marker("every_version"):
			version = turns[crc32(_module_of(item).encode()) % len(turns)]
			if version != os.environ["CLIENT_LEDGER_BENCH"]:
				item.add_marker(
					pytest.mark.skip(reason=f"{version} takes its turn; all: make test-everywhere")
				)


def _module_of(item: pytest.Item) -> str:
	return item.path.relative_to(Path(__file__).parent).as_posix()


def skip_modules(reason: str | None):
	"""Return a pytest_pycollect_makemodule hook that skips every module, unimported, where *reason* is given."""

	class Unavailable(pytest.Module):
		def collect(self):
			pytest.skip(reason)

	def pytest_pycollect_makemodule(module_path, parent):
		return Unavailable.from_parent(parent, path=module_path) if reason else None

	return pytest_pycollect_makemodule
