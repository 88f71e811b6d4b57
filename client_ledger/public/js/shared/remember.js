// What a user chose last, kept by the browser for that user alone.

const place = (what) => `client_ledger:${what}:${frappe.session.user}`;

/** Return what was remembered of *what*; "" where nothing was. */
export function remembered(what) {
	try {
		return localStorage.getItem(place(what)) || "";
	} catch {
		// The browser keeps nothing.
		return "";
	}
}

export function remember(what, value) {
	try {
		localStorage.setItem(place(what), value);
	} catch {
		// It is chosen again next time.
	}
}
