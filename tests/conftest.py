"""Markers of all tiers; tests/tools runs the tiers, `make test` starts it."""

import pytest
from hypothesis import settings

# A busy machine is no failure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_configure(config: pytest.Config) -> None:
	config.addinivalue_line(
		"markers",
		"one_transaction: the module's tests share one transaction, rolled back at the module's end",
	)


def skip_modules(reason: str | None):
	"""Return a pytest_pycollect_makemodule hook that skips every module, unimported, where *reason* is given."""

	class Unavailable(pytest.Module):
		def collect(self):
			pytest.skip(reason)

	def pytest_pycollect_makemodule(module_path, parent):
		return Unavailable.from_parent(parent, path=module_path) if reason else None

	return pytest_pycollect_makemodule
