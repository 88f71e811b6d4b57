"""Run by a bench's python: pytest, from the bench's environment or, where that has none, from a folder beside it.

The folder goes last on the path, so that the bench's own versions of shared packages win.
"""

import gc
import os
import sys

sys.path.append(os.environ["CLIENT_LEDGER_TEST_PACKAGES"])

if __name__ == "__main__":
	import pytest

	# Documents are many small objects that live for long; looking for cycles among them is a tenth of the time.
	gc.set_threshold(100_000, 50, 100)

	sys.exit(pytest.main(sys.argv[1:]))
