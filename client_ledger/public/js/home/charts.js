// Two charts: what is open by how long it is overdue, and what is expected week by week; in one currency at a time.

import { day, money } from "../shared/format";
import { html } from "../shared/html";
import { button } from "../shared/pieces";

const HEIGHT = 230;
const NARROW = 360;

export function charts_html(data) {
	const shown = currency_of(data);
	if (!shown) return "";
	return html`<section aria-labelledby="cl-home-charts">
		<div class="cl-home-charts-head">
			<h3 class="cl-home-title" id="cl-home-charts">${__("Outlook")}</h3>${currencies_html(data, shown)}
		</div>
		<div class="cl-home-charts">
			${chart_card("ageing", __("Ageing by Due Date"))}
			${chart_card("cash", __("Expected Receipts by Week"), data.cash_forecast && forecast_link())}
		</div></section>`;
}

function chart_card(name, title, more = "") {
	return html`<div class="cl-card cl-home-chart"><h4>${title}${more || ""}</h4>
		<div class="cl-chart" data-chart="${name}"></div></div>`;
}

/** The forecast of a whole company, which is made every Monday and has a record. */
function forecast_link() {
	return html` ${button("forecast", __("Cash Forecast"), {
		kind: "btn-default cl-quiet",
		size: "btn-xs",
	})}`;
}

/** The currency that was chosen, or that of the user's own company, which comes first. */
function currency_of({ shown_currency, ageing }) {
	const known = ageing.rows.map(({ currency }) => currency);
	return known.includes(shown_currency) ? shown_currency : known[0];
}

function currencies_html({ ageing }, shown) {
	if (ageing.rows.length < 2) return "";
	return html`<div class="cl-home-currencies" role="group" aria-label="${__("Currency")}">
		${ageing.rows.map(
			({ currency }) => html`<button type="button" class="btn btn-default btn-sm"
				data-action="currency" data-currency="${currency}"
				aria-pressed="${String(currency === shown)}">${currency}</button>`
		)}</div>`;
}

/** Draw the charts into *$root* and return them. */
export function draw_charts($root, data) {
	const currency = currency_of(data);
	if (!currency) return [];
	const ageing = data.ageing.rows.find((row) => row.currency === currency);
	const cash = data.cash.find((row) => row.currency === currency);
	return [
		draw($root, "ageing", {
			labels: data.ageing.labels.map((label) => label || __("Not Due")),
			name: __("Outstanding"),
			amounts: ageing?.amounts,
			nothing: __("Nothing is outstanding."),
			currency,
		}),
		draw($root, "cash", {
			labels: cash ? week_labels(cash, $root.find("[data-chart=cash]").width()) : [],
			name: __("Expected"),
			amounts: cash?.amounts,
			nothing: __("Expected receipts are calculated every night."),
			tooltip: (week) =>
				__("Week from {0}", [day(frappe.datetime.add_days(cash.since, 7 * week))]),
			currency,
		}),
	].filter(Boolean);
}

function draw($root, name, { labels, name: label, amounts, nothing, currency, tooltip }) {
	const $chart = $root.find(`[data-chart=${name}]`);
	if (!amounts || !amounts.some((amount) => amount)) {
		$chart.html(String(html`<p class="cl-muted">${nothing}</p>`));
		return null;
	}
	const spoken = amounts.map(
		(amount, i) => `${tooltip ? tooltip(i) : labels[i]}: ${money(amount, currency)}`
	);
	$chart.attr({ role: "img", "aria-label": spoken.join(", ") });
	// Nobody sees it: the library would draw bars of no width.
	if (!$chart.width()) return null;
	return frappe.utils.make_chart($chart[0], {
		type: "bar",
		height: HEIGHT,
		// While the entry animation runs, the library cannot redraw (it fails on a quick resize).
		animate: 0,
		disableEntryAnimation: 1,
		colors: ["blue"],
		data: { labels, datasets: [{ name: label, values: amounts }] },
		barOptions: { spaceRatio: 0.5 },
		// The library takes letters for wider than they are; labels that have no room are left out and not cut.
		axisOptions: { xAxisMode: "tick", xIsSeries: 1, seriesLabelSpaceRatio: 1.6 },
		tooltipOptions: {
			formatTooltipX: (text) => (tooltip ? tooltip(labels.indexOf(text)) : text),
			formatTooltipY: (amount) => money(amount, currency),
		},
	});
}

/** A label per week. Where there is no room for all of them every second one is of no width, and still tells its week. */
function week_labels({ since, amounts }, width) {
	return amounts.map((_amount, week) =>
		width < NARROW && week % 2 ? "\u200b".repeat(week) : week_label(since, week)
	);
}

/** The day a week begins with, as the user writes days, without the year. */
function week_label(since, week) {
	const text = day(frappe.datetime.add_days(since, 7 * week));
	return text.replace(/[^\d]?\d{4}[^\d]?/, "");
}
