// What was billed and what was received, month by month.

import { html } from "../shared/html";
import { card } from "../shared/pieces";

export function history_html() {
	const chart = html`<div class="cl-chart"><div class="cl-skeleton cl-skeleton-chart"></div></div>`;
	return card(__("Billed and Received (24 Months)"), chart, "cl-history");
}

export function draw_history($parent, { months, currency }) {
	const $chart = $parent.find(".cl-chart").empty();
	if (
		!months.some((month) => month.billed || month.received || month.credited || month.adjusted)
	) {
		const text = __("No invoices or payments in these months");
		$chart.html(String(html`<p class="cl-muted">${text}</p>`));
		return;
	}
	const values = (key) => months.map((month) => month[key]);
	const datasets = [
		{ name: __("Billed"), values: values("billed") },
		{ name: __("Amount Received"), values: values("received") },
	];
	if (months.some((month) => month.credited)) {
		datasets.push({ name: __("Credit Notes"), values: values("credited") });
	}
	// Write-offs, exchange differences, loyalty points and transfers are neither billed nor received.
	if (months.some((month) => month.adjusted)) {
		datasets.push({ name: __("Other Adjustments"), values: values("adjusted") });
	}
	$chart.attr({ role: "img", "aria-label": description(datasets, currency) });
	const labels = months.map((month) => month_label(month.month));
	// The library leaves labels out where there is no room, but never the last one, which then touches the one before.
	const last = labels.pop();
	frappe.utils.make_chart($chart[0], {
		type: "bar",
		height: 220,
		// While the entry animation runs, the library cannot redraw (it fails on a quick resize).
		animate: 0,
		disableEntryAnimation: 1,
		colors: ["blue", "green", "orange", "gray"],
		data: { labels: [...labels, ""], datasets },
		barOptions: { spaceRatio: 0.4 },
		axisOptions: { xAxisMode: "tick", shortenYAxisNumbers: 1 },
		tooltipOptions: {
			formatTooltipX: (label) => label || last,
			formatTooltipY: (amount) => format_currency(amount, currency),
		},
	});
}

function description(datasets, currency) {
	const sum = (values) => values.reduce((total, value) => total + value, 0);
	return datasets
		.map((set) => `${set.name}: ${format_currency(sum(set.values), currency)}`)
		.join(", ");
}

/** "Nov 26", or "26/11" in languages that need more room for it: two labels must fit beside each other. */
function month_label(month) {
	const date = frappe.datetime.str_to_obj(month);
	const language = document.documentElement.lang || "en";
	const name = date.toLocaleDateString(language, { month: "short", year: "2-digit" });
	if (name.length <= 6 && !/[^\x00-\xff]/.test(name)) return name;
	return date.toLocaleDateString(language, { month: "numeric", year: "2-digit" });
}
