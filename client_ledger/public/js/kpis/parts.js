// The parts of a dimension beside each other, those that owe most first; one of them can be chosen.

import { day } from "../shared/format";
import { html } from "../shared/html";
import { table } from "../shared/pieces";
import { value_text } from "./numbers";

const NUMBER = "cl-number";

export function parts_html(
	{ parts, compared, dimension, dimensions, currency, values, grouped_as_of },
	{ value }
) {
	if (!parts?.length) return "";
	const name = dimensions.find(([key]) => key === dimension)[1];
	const heads = [[name], ...compared.map(([, label]) => [label, NUMBER])];
	const lines = parts.map(([key, label, ...amounts]) => [
		html`<button type="button" class="btn btn-link cl-kpi-name" data-action="part"
			data-value="${key}" aria-pressed="${String(key === value)}">${label}</button>`,
		...amounts.map((amount, i) =>
			value_text(
				{ value: amount, unit: compared[i][2], is_amount: !compared[i][2] },
				currency
			)
		),
	]);
	const more = values.length - parts.length;
	return html`<section class="cl-card"><h5>${__("By {0}", [name])}</h5>
		${table(heads, lines, "", "cl-kpi-parts")}
		${more > 0 ? html`<p class="cl-muted">${__("{0} more not shown", [more])}</p>` : ""}
		<p class="cl-muted">${grouped_text(grouped_as_of)}</p></section>`;
}

/** As of which day customers are put together. */
export function grouped_text(grouped_as_of) {
	return grouped_as_of
		? __(
				"Customers count where they belonged on {0}; what they were at the month's end is not on record.",
				[day(grouped_as_of)]
		  )
		: __("Customers count where they belonged at the month's end.");
}
