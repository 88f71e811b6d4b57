// Two charts as SVG: the weeks with what they may bring, and how the nearest week of past forecasts did.

import { day, money } from "../shared/format";
import { html } from "../shared/html";

const HEIGHT = 280;
const LEFT = 56;
const RIGHT = 8;
const TOP = 12;
const BOTTOM = 28;
const NARROW = 520;

/** The 13 weeks: expected as bars, P10 to P90 as whiskers, what is due as a line; a scenario as marks over the bars. */
export function bars_html(data, scenario, width) {
	const { weeks, currency } = data;
	const tops = weeks.map((week, i) =>
		Math.max(week.expected, week.high, week.by_due_date, scenario?.[i] || 0)
	);
	const scale = scale_of(Math.max(...tops), width, weeks.length);
	const parts = weeks.map((week, i) => week_html(week, i, scale, currency, scenario));
	const due = weeks.map((week, i) => `${scale.x(i)},${scale.y(week.by_due_date)}`).join(" ");
	const said = weeks.map((week) => week_said(week, currency)).join("; ");
	return html`<svg class="cl-forecast-chart" role="img" aria-label="${said}" width="${width}"
		height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}">
		${grid_html(scale, width)}
		${parts}
		<polyline class="cl-due-line" points="${due}"></polyline>
		${weeks.map(
			(week, i) =>
				html`<circle class="cl-due-dot" cx="${scale.x(i)}" cy="${scale.y(
					week.by_due_date
				)}" r="3"></circle>`
		)}
		${week_labels(
			weeks.map(({ since }) => since),
			scale,
			width
		)}
	</svg>`;
}

function week_html(week, i, scale, currency, scenario) {
	const x = scale.x(i);
	const bar = scale.step * 0.5;
	const top = scale.y(week.expected);
	const marks = [
		html`<rect class="cl-expected-bar" x="${x - bar / 2}" y="${top}" width="${bar}"
			height="${Math.max(scale.base - top, 0)}"></rect>`,
		html`<path class="cl-range" d="M${x} ${scale.y(week.low)}V${scale.y(week.high)}
			M${x - bar / 4} ${scale.y(week.low)}h${bar / 2}
			M${x - bar / 4} ${scale.y(week.high)}h${bar / 2}"></path>`,
	];
	if (scenario) {
		marks.push(
			html`<path class="cl-scenario-mark" d="M${x - bar / 2 - 2} ${scale.y(scenario[i])}h${
				bar + 4
			}"></path>`
		);
	}
	return html`<g><title>${week_said(week, currency)}</title>
		<rect class="cl-hover" x="${x - scale.step / 2}" y="${TOP}" width="${scale.step}"
			height="${scale.base - TOP}"></rect>${marks}</g>`;
}

function week_said(week, currency) {
	return __("Week from {0}: {1}, between {2} and {3}; by due date {4}", [
		day(week.since),
		money(week.expected, currency),
		money(week.low, currency),
		money(week.high, currency),
		money(week.by_due_date, currency),
	]);
}

/** What was said of the week after each past forecast, and what came. */
export function record_chart_html({ past, currency }, width) {
	const rows = past.filter(({ came }) => came !== null).reverse();
	if (!rows.length) return "";
	const most = Math.max(...rows.map(({ first, came }) => Math.max(first.high, came)));
	const scale = scale_of(most, width, rows.length);
	const band = [
		...rows.map(({ first }, i) => `${scale.x(i)},${scale.y(first.high)}`),
		...rows.map(({ first }, i) => `${scale.x(i)},${scale.y(first.low)}`).reverse(),
	].join(" ");
	const line = rows.map(({ first }, i) => `${scale.x(i)},${scale.y(first.expected)}`).join(" ");
	const said = rows.map((row) => past_said(row, currency));
	return html`<svg class="cl-forecast-chart" role="img" aria-label="${said.join("; ")}"
		width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}">
		${grid_html(scale, width)}
		<polygon class="cl-band" points="${band}"></polygon>
		<polyline class="cl-expected-line" points="${line}"></polyline>
		${rows.map(({ first, came }, i) => {
			const within = came >= first.low - 0.005 && came <= first.high + 0.005;
			return html`<g><title>${said[i]}</title><circle class="cl-came ${
				within ? "" : "cl-outside"
			}" cx="${scale.x(i)}" cy="${scale.y(came)}" r="4"></circle></g>`;
		})}
		${week_labels(
			rows.map(({ first }) => first.since),
			scale,
			width
		)}
	</svg>`;
}

function past_said({ first, came }, currency) {
	return __("Week from {0}: expected {1}, received {2}", [
		day(first.since),
		money(first.expected, currency),
		money(came, currency),
	]);
}

// --- scales ---

function scale_of(most, width, count) {
	const ticks = ticks_of(most);
	const top = ticks[ticks.length - 1] || 1;
	const step = (width - LEFT - RIGHT) / count;
	const base = HEIGHT - BOTTOM;
	return {
		ticks,
		step,
		base,
		x: (i) => round(LEFT + step * (i + 0.5)),
		y: (amount) => round(base - (Math.max(amount, 0) / top) * (base - TOP)),
	};
}

/** Four to six round amounts from 0 to at least *most*. */
function ticks_of(most) {
	if (!(most > 0)) return [0, 1];
	const rough = most / 4;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 2.5, 5, 10].map((part) => part * power).find((size) => size >= rough);
	const count = Math.ceil(most / step);
	return Array.from({ length: count + 1 }, (_value, i) => i * step);
}

function grid_html({ ticks, y }, width) {
	const compact = new Intl.NumberFormat(frappe.boot.lang || "en", { notation: "compact" });
	return ticks.map(
		(amount) => html`<path class="cl-grid" d="M${LEFT} ${y(amount)}H${width - RIGHT}"></path>
			<text class="cl-tick" x="${LEFT - 8}" y="${y(amount) + 4}"
				text-anchor="end">${compact.format(amount)}</text>`
	);
}

/** As many labels as have room; the first week has one. */
function week_labels(days, scale, width) {
	const room = width < NARROW ? 44 : 52;
	const every = Math.max(Math.ceil(room / scale.step), 1);
	return days.map((since, i) =>
		i % every
			? ""
			: html`<text class="cl-tick" x="${scale.x(i)}" y="${HEIGHT - 8}"
				text-anchor="middle">${short_day(since)}</text>`
	);
}

/** A day as the user writes days, without the year. */
function short_day(date) {
	return day(date).replace(/[^\d]?\d{4}[^\d]?/, "");
}

function round(value) {
	return Math.round(value * 10) / 10;
}
