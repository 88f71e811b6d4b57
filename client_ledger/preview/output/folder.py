"""A folder that files are written into, with what keeps them from being written told in words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused


@contextmanager
def written_into(folder: Path) -> Iterator[None]:
	"""Make *folder* and let files be written into it. Raises Refused where it is a file, full or closed."""
	try:
		folder.mkdir(parents=True, exist_ok=True)
		yield
	except FileExistsError as error:
		raise Refused(_("{0} is a file, not a folder.").format(folder)) from error
	except OSError as error:
		if error.errno in (errno.ENOSPC, errno.EDQUOT):
			raise Refused(_("The disk is full: {0} could not be written.").format(folder)) from error
		raise Refused(_("{0} cannot be written to: {1}.").format(folder, error.strerror)) from error
