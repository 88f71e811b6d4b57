// What is shown: the company, the month, how many months, and by which part; and what can be done with it.

import { html } from "../shared/html";
import { button, company_select, toolbar } from "../shared/pieces";
import { month } from "./numbers";

export function toolbar_html(data, asked, all) {
	return toolbar(
		[
			company_select(data),
			data.days.length ? month_select(data) : "",
			data.days.length ? window_select(data) : "",
			data.days.length ? dimension_select(data) : "",
			data.values ? value_select(data, asked, all) : "",
		],
		[
			data.missing && data.may.store
				? button("store", __("Store Missing Months ({0})", [data.missing]))
				: "",
			data.kpis.length ? button("workbook", __("Download Workbook")) : "",
		]
	);
}

function select(control, label, options, chosen) {
	return html`<select class="form-control input-sm" data-control="${control}" aria-label="${label}">
		${options.map(
			([value, text]) =>
				html`<option value="${value}" ${
					String(value) === String(chosen) ? "selected" : ""
				}>${text}</option>`
		)}</select>`;
}

function month_select({ days, as_of }) {
	return select(
		"as_of",
		__("Month"),
		days.map((day) => [day, month(day)]),
		as_of
	);
}

function window_select({ lengths, months }) {
	return select(
		"months",
		__("Window"),
		lengths.map((length) => [
			length,
			length === 1 ? __("The month alone") : __("{0} months", [length]),
		]),
		months
	);
}

function dimension_select({ dimensions, dimension, customers }) {
	const none = ["", customers === null ? __("Whole company") : __("My customers")];
	return select("dimension", __("Compare by"), [none, ...dimensions], dimension);
}

function value_select({ values }, { value }, all) {
	return select("value", __("Part"), [[all, __("All of them")], ...values], value);
}
