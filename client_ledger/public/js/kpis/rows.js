// The rows that a figure is made of, a page of them at a time, with what they add up to.

import { day, document_link, form_link } from "../shared/format";
import { html } from "../shared/html";
import { button, table } from "../shared/pieces";
import { plain } from "./numbers";

const NUMBER = "cl-number";

export function rows_html({ rows, total, start, sums }, key, { company }) {
	const added = sums.map(([label, count, sum]) => [label, plain(count, 0), plain(sum)]);
	const heads = [
		[__("Input")],
		[__("Document")],
		[__("Customer")],
		[__("Date")],
		[__("Amount"), NUMBER],
	];
	const lines = rows.map((row) => [
		row.input,
		document_html(row, company),
		row.customer ? form_link("Customer", row.customer, row.customer_name) : "",
		day(row.day),
		plain(row.amount),
	]);
	return html`${table(
		[[__("Input")], [__("Rows"), NUMBER], [__("Sum"), NUMBER]],
		added,
		"",
		"cl-kpi-sums"
	)}${table(heads, lines, __("No rows."), "cl-kpi-rows")}${pages_html(
		key,
		rows.length,
		total,
		start
	)}`;
}

function document_html({ document, term, of_a_day, customer, day: on }, company) {
	if (of_a_day) {
		// A sum of a customer and a day: the entries behind it.
		const query = new URLSearchParams({ company, party: customer, posting_date: on });
		return html`<a href="${frappe.utils.get_form_link(
			"Payment Ledger Entry",
			""
		)}?${query.toString()}">${__("Entries of the day")}</a>`;
	}
	if (!document) return html`<span class="cl-muted">${__("Not there any more")}</span>`;
	return term ? html`${document_link(document)} ${term}` : document_link(document);
}

function pages_html(key, count, total, start) {
	if (!total || total <= count) return "";
	const end = start + count;
	return html`<p class="cl-kpi-pages"><span class="cl-muted">${__(
		"{0} to {1} of {2}, the largest first",
		[plain(start + 1, 0), plain(end, 0), plain(total, 0)]
	)}</span> ${
		start
			? button("rows", __("Previous"), { data: { key, start: Math.max(0, start - 50) } })
			: ""
	} ${end < total ? button("rows", __("Next"), { data: { key, start: end } }) : ""}</p>`;
}
