// The record: how past forecasts did, beside the two simple ones, also where they did better.

import { day, form_link, money } from "../shared/format";
import { html } from "../shared/html";
import { table } from "../shared/pieces";

const NUMBER = "cl-number";

export function record_html(data) {
	if (!data.scores && !data.past.length) return "";
	return html`<section class="cl-card"><h4>${__("Record of Past Forecasts")}</h4>
		${scores_html(data)}
		<h5>${__("First Week of Each Forecast, and What Was Received")}</h5>
		<div class="cl-forecast-legend" aria-hidden="true">
			<span><i class="cl-line-mark"></i>${__("Expected")}</span>
			<span><i class="cl-band-mark"></i>${__("P10 to P90")}</span>
			<span><i class="cl-came-mark"></i>${__("Received")}</span>
			<span><i class="cl-came-mark cl-outside"></i>${__("Received, outside the range")}</span>
		</div>
		<div data-chart="record"></div>
		<details><summary>${__("Past Forecasts")}</summary>${past_html(data)}</details>
	</section>`;
}

function scores_html({ scores }) {
	if (!scores) return html`<p class="cl-muted">${__("No past week can be compared yet.")}</p>`;
	const heads = [
		[__("Part of the Forecast")],
		[__("Forecasts"), NUMBER],
		[__("Error (WAPE)"), NUMBER],
		[__("Error by Due Date"), NUMBER],
		[__("Error of the Same Week Earlier"), NUMBER],
		[__("Bias"), NUMBER],
		[__("Within P10 to P90"), NUMBER],
	];
	const rows = scores.map((score) => [
		__("Weeks {0} to {1}", [score.first, score.last]),
		score.forecasts,
		percent(score.model[0]),
		percent(score.due_date[0]),
		percent(score.naive[0]),
		percent(score.model[1], true),
		percent(score.covered),
	]);
	return html`${table(heads, rows)}${scores.map(said_of)}
		<p class="cl-muted">${__(
			"Error: what weeks were missed by, together, as a share of what came (0 % is best). About 80 % of the weeks should lie within P10 to P90. By due date: all is paid when due, what is overdue next week. Received: what was paid, or settled otherwise, of the invoices and orders that were known on the day."
		)}</p>`;
}

/** Lost comparisons are said first; what was won is said too. */
function said_of({ first, last, lost_to, gain, model }) {
	if (model[0] === null) return "";
	const names = { due_date: __("due dates"), naive: __("the same week earlier") };
	if (lost_to.length) {
		const text = __("Weeks {0} to {1}: {2} did better than this forecast.", [
			first,
			last,
			lost_to.map((name) => names[name]).join(", "),
		]);
		return html`<p class="cl-worse">${text}</p>`;
	}
	if (gain === null) return "";
	return html`<p class="cl-better">${__(
		"Weeks {0} to {1}: the error is {2} below that of the due dates.",
		[first, last, percent(gain)]
	)}</p>`;
}

function past_html({ past, currency }) {
	const origins = {
		Weekly: "",
		"Caught Up": __("Caught Up", null, "Cash Forecast"),
		Replayed: __("Replayed", null, "Cash Forecast"),
	};
	const heads = [
		[__("Week from")],
		[__("Expected"), NUMBER],
		["P10 – P90", NUMBER],
		[__("Received"), NUMBER],
		[__("Expected, Weeks 1 to 4"), NUMBER],
		[__("Received, Weeks 1 to 4"), NUMBER],
	];
	const amount = (value) => (value === null ? "–" : money(value, currency));
	const rows = past.map((row) => [
		html`${form_link(
			"Cash Forecast",
			row.name,
			day(row.first.since)
		)} <span class="cl-muted">${origins[row.origin]}</span>`,
		amount(row.first.expected),
		html`${money(row.first.low, currency)} – ${money(row.first.high, currency)}`,
		amount(row.came),
		amount(row.near),
		amount(row.near_came),
	]);
	return table(heads, rows);
}

function percent(value, signed = false) {
	if (value === null || value === undefined) return "–";
	const text = format_number(Math.abs(value) * 100, null, 1);
	const sign = value < 0 ? "−" : signed && value > 0 ? "+" : "";
	return `${sign}${text} %`;
}
