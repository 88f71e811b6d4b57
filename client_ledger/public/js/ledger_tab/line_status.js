// The status of a line of the ledger, in words and colour.

import { colour_of } from "../shared/colours";
import { pill } from "../shared/format";
import { html } from "../shared/html";

function status_text({ status, days_late }) {
	if (status === "Overdue" && days_late) return __("Overdue by {0} days", [days_late]);
	return {
		Paid: __("Paid"),
		"Partly Paid": __("Partly Paid"),
		"Not Due": __("Not Due"),
		Overdue: __("Overdue"),
		Credit: __("Credit"),
		Settled: __("Settled", null, "Client Ledger"),
	}[status];
}

export function status_html(line) {
	return html`${pill(status_text(line), colour_of("Ledger", line.status))} ${disputed_pill(
		line
	)}`;
}

function disputed_pill({ disputed, currency }) {
	if (!disputed) return "";
	const title = `${__("In Dispute")}: ${format_currency(disputed, currency)}`;
	return html`<span class="indicator-pill orange cl-pill cl-disputed" title="${title}">${__(
		"Disputed"
	)}</span>`;
}

/** How late an invoice was paid; empty while it is open, because the status says it then. */
export function lateness({ status, days_late }) {
	if (status !== "Paid" || days_late === null) return "";
	if (days_late > 0) return __("paid {0} days late", [days_late]);
	if (days_late < 0) return __("paid {0} days early", [-days_late]);
	return __("Paid on Time");
}
