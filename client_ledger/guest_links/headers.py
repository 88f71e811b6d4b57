"""Headers of pages that links open: no other site is told the link, none may frame the page, nothing keeps a copy."""

from werkzeug.wrappers import Request, Response

from client_ledger.guest_links.links import ROUTES

HEADERS = {
	"Referrer-Policy": "no-referrer",
	"X-Frame-Options": "DENY",
	"X-Content-Type-Options": "nosniff",
	"X-Robots-Tag": "noindex, nofollow",
	"Cache-Control": "no-store",
}


def protect(request: Request, response: Response) -> None:
	"""Set the headers of a page of ours; called after every request."""
	if request.path.strip("/") in ROUTES.values():
		for name, value in HEADERS.items():
			response.headers[name] = value
