"""Where a trial is."""

from enum import Enum


class TrialStatus(str, Enum):
	"""Off until somebody starts it; never changed while it runs; ended for good."""

	OFF = "Off"
	RUNNING = "Running"
	ENDED = "Ended"
