// How KPIs are written: amounts in company currency, all else with its unit; and lines over time without axes.

import { html, raw } from "../shared/html";

const WIDTH = 96;
const HEIGHT = 24;

/** A value with its unit; a dash where there is none. */
export function value_text({ value, unit, is_amount }, currency) {
	if (value === null || value === undefined) return "–";
	return is_amount ? format_currency(value, currency) : with_unit(value, unit);
}

export function with_unit(value, unit) {
	return `${plain(value)}${unit === "%" ? " %" : unit ? ` ${unit}` : ""}`;
}

export function plain(value, digits = 2) {
	return format_number(value, null, digits);
}

/** With its sign, for changes. */
export function signed(value, { is_amount }, currency) {
	const text = is_amount ? format_currency(Math.abs(value), currency) : plain(Math.abs(value));
	return `${value > 0 ? "+" : value < 0 ? "−" : ""}${text}`;
}

/** better: "low", "high" or "" where neither is. */
export function kind_of_change(change, better) {
	if (!change || !better) return "";
	return change > 0 === (better === "high") ? "cl-better" : "cl-worse";
}

/** Whether it rises or falls, not how much: the least and the most are spoken. */
export function spark(values, ends) {
	const known = values.filter((value) => value !== null && value !== undefined);
	if (known.length < 2) return "";
	const [least, most] = [Math.min(...known), Math.max(...known)];
	const x = (i) => (i / (values.length - 1)) * WIDTH;
	const y = (value) =>
		most === least
			? HEIGHT / 2
			: HEIGHT - 3 - ((value - least) / (most - least)) * (HEIGHT - 6);
	const points = values
		.map((value, i) => (value === null ? "" : `${x(i).toFixed(1)},${y(value).toFixed(1)}`))
		.filter(Boolean)
		.join(" ");
	const said = __("{0} to {1}, from {2} to {3}", [
		plain(least, 1),
		plain(most, 1),
		month(ends[0]),
		month(ends[ends.length - 1]),
	]);
	return html`<svg class="cl-spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${said}">
		<title>${said}</title><polyline points="${raw(points)}"></polyline></svg>`;
}

/** A month of a day, as it is written in every language. */
export function month(day) {
	return String(day || "").slice(0, 7);
}
