"""What has changed since a moment."""


def changed_since(company, moment):
	raise NotImplementedError
