// How amounts, dates, documents and statuses are written, in the user's language and formats.

export const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

export function money(amount, currency) {
	return escape(format_currency(amount, currency));
}

export function day(date) {
	return date ? escape(frappe.datetime.str_to_user(date)) : "";
}

/** An amount, and beneath it its equivalent in company currency where that is another currency. */
export function money_with_base(amount, currency, base, base_currency) {
	if (currency === base_currency) return money(amount, currency);
	return money(amount, currency) + base_money(base, base_currency);
}

export function base_money(base, base_currency) {
	return `<span class="cl-base">${money(base, base_currency)}</span>`;
}

/** A link to a document, or just its name where the user may not open it. */
export function document_link({ doctype, name, readable }) {
	if (!readable) return `<span class="cl-document">${escape(name)}</span>`;
	const url = escape(frappe.utils.get_form_link(doctype, name));
	return `<a class="cl-document" href="${url}">${escape(name)}</a>`;
}

const STATUS_COLOURS = {
	Paid: "green",
	"Part Paid": "yellow",
	"Not Due": "blue",
	Overdue: "red",
	Credit: "purple",
	Settled: "gray",
};

export function status_text({ status, days_late }) {
	if (status === "Overdue" && days_late) return __("Overdue by {0} days", [days_late]);
	return {
		Paid: __("Paid"),
		"Part Paid": __("Part Paid"),
		"Not Due": __("Not Due"),
		Overdue: __("Overdue"),
		Credit: __("Credit"),
		Settled: __("Settled"),
	}[status];
}

export function status_pill(line) {
	const colour = STATUS_COLOURS[line.status];
	const pill = `<span class="indicator-pill ${colour} cl-pill">${escape(
		status_text(line)
	)}</span>`;
	return pill + disputed_pill(line);
}

function disputed_pill({ disputed, currency }) {
	if (!disputed) return "";
	const title = `${__("In Dispute")}: ${format_currency(disputed, currency)}`;
	return ` <span class="indicator-pill orange cl-pill cl-disputed" title="${escape(
		title
	)}">${escape(__("Disputed"))}</span>`;
}

/** How late an invoice was paid; empty while it is open, because the status says it then. */
export function lateness({ status, days_late }) {
	if (status !== "Paid" || days_late === null) return "";
	if (days_late > 0) return __("paid {0} days late", [days_late]);
	if (days_late < 0) return __("paid {0} days early", [-days_late]);
	return __("paid on time");
}
