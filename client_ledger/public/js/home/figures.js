// The five figures, each in every currency, with what it was a month ago where that is known.

import { html } from "../shared/html";

// Where more is worse; of what is owed alone, more is neither.
const MORE_IS_WORSE = { overdue: true, oldest: true };
const FLAT = 0.05;

export function figures_html(data) {
	return html`<div class="cl-figures" role="list" aria-label="${__("Figures")}">
		${data.figures.map((figure) => figure_html(figure, data))}</div>`;
}

function figure_html(figure, data) {
	const rows = figure.rows.length ? figure.rows : [{ currency: data.currencies[0], value: 0 }];
	return html`<div class="cl-card cl-figure" role="listitem" data-figure="${figure.key}">
		<div class="cl-label">${figure.label}</div>
		<div>${rows.map((row) => row_html(figure, row, data))}</div></div>`;
}

function row_html(figure, row, { currencies }) {
	const { value, currency } = row;
	const text = figure.days ? days_text(value) : format_currency(value || 0, currency, 0);
	const exact = figure.days ? "" : format_currency(value || 0, currency);
	const notes = [
		figure.days && currencies.length > 1 ? currency : "",
		trend_html(figure, row),
		share_html(figure, row),
	].filter(Boolean);
	return html`<div class="cl-value ${value ? "" : "cl-zero"}" title="${exact}">${text}</div>
		${notes.length ? html`<div class="cl-note">${notes}</div>` : ""}`;
}

function days_text(value) {
	return value === null || value === undefined ? "–" : __("{0} days", [value]);
}

function share_html({ key }, { share }) {
	if (key === "receivable" || !share) return "";
	return html`<span>${__("{0} % of total", [number(share)])}</span>`;
}

function trend_html({ key }, { value, before }) {
	if (before === null || before === undefined || (!before && !value)) return "";
	if (!before) return html`<span>${__("New")}</span>`;
	const change = ((value - before) / Math.abs(before)) * 100;
	if (Math.abs(change) < FLAT) return html`<span>${__("Unchanged")}</span>`;
	const kind = MORE_IS_WORSE[key] ? (change > 0 ? "cl-worse" : "cl-better") : "";
	const size = `${change > 0 ? "+" : "−"}${number(Math.abs(change))} %`;
	return html`<span class="cl-trend ${kind}"><span aria-hidden="true">${
		change > 0 ? "▲" : "▼"
	}</span> ${size}</span>`;
}

function number(value) {
	return format_number(value, null, value < 100 ? 1 : 0);
}
