// Months of the window that the ledger says something else of by now: which values, which vouchers, and who has looked at it.

import { day, document_link, form_link } from "../shared/format";
import { html } from "../shared/html";
import { button, table } from "../shared/pieces";
import { month, plain } from "./numbers";

const NUMBER = "cl-number";

export function changes_html(data) {
	return (data.changes || []).map((change) => change_html(change, data));
}

function change_html({ name, as_of, number, waits, values, vouchers, ...more }, { may }) {
	const title = __("{0} has changed since it was stored. Vouchers: {1}", [month(as_of), number]);
	const said = waits
		? __("The stored figures stay. Look at the vouchers and note why they were booked.")
		: `${more.reviewed_by || ""}: ${more.review || ""}`;
	return html`<details class="cl-card cl-kpi-changes ${waits ? "cl-waits" : ""}"
		data-change="${name}"><summary><b>${title}</b> <span class="cl-muted">${__("found on {0}", [
			day(more.changed_on.slice(0, 10)),
		])}</span></summary><p role="${waits ? "alert" : "note"}">${said}</p>${change_tables(
			values,
			vouchers,
			number
		)}
		<p>${
			waits && may.review
				? button("review", __("Review"), { data: { name }, kind: "btn-primary" })
				: ""
		}
		${form_link("KPI Month End", name, __("Open Month End"))}</p></details>`;
}

/** Values of the month alone, and vouchers with what they added then and add now. */
export function change_tables(values, vouchers, number) {
	const heads = (first) => [[first], [__("Stored"), NUMBER], [__("Now"), NUMBER]];
	const amount = (value) => (value === null ? "–" : plain(value));
	const more = number - new Set(vouchers.map(([, { name }]) => name)).size;
	return html`${table(
		heads(__("KPI of the Month")),
		values.map(([label, stored, now]) => [label, amount(stored), amount(now)])
	)}${table(
		[[__("Document")], [__("Input")], [__("Stored"), NUMBER], [__("Now"), NUMBER]],
		vouchers.map(([input, voucher, stored, now]) => [
			document_link(voucher),
			input,
			amount(stored),
			amount(now),
		])
	)}${more > 0 ? html`<p class="cl-muted">${__("{0} more not shown", [more])}</p>` : ""}`;
}
