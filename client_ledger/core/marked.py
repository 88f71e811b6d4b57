"""Texts that are written in one place and translated in another."""


def marked(message: str) -> str:
	"""Mark a text for the catalogue that is translated where it is shown."""
	return message
