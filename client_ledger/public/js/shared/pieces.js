// What the tabs of the Customer form and our pages are made of: buttons, cards, tables, the choice of a company.

import { html } from "./html";

/** named: what a screen reader says instead of the label, where that alone does not tell what it is about. */
export function button(
	action,
	label,
	{ kind = "btn-default", size = "btn-sm", data = {}, named = "" } = {}
) {
	const attributes = Object.entries(data).map(([name, value]) => html` data-${name}="${value}"`);
	if (named) attributes.push(html` aria-label="${named}"`);
	return html`<button type="button" class="btn ${kind} ${size}" data-action="${action}"${attributes}>${label}</button>`;
}

/** A button of a table's row. */
export function small_button(action, label, data = {}, kind = "btn-default") {
	return button(action, label, { kind, data, size: "btn-xs" });
}

export function card(label, content, kind = "") {
	return html`<div class="cl-card ${kind}"><div class="cl-label">${label}</div>${content}</div>`;
}

/** One figure, what it is and a note beneath it. */
export function figure(label, value, note = "", kind = "") {
	return html`<div class="cl-card cl-figure ${kind}" role="listitem">
		<div class="cl-label">${label}</div>
		<div class="cl-value">${value}</div>
		<div class="cl-note">${note}</div>
	</div>`;
}

/** heads: [label, class] per column; rows: lists of cells. On a phone each row is a card, headed by its first cell. */
export function table(heads, rows, nothing = "", kind = "") {
	if (!rows.length) return html`<p class="cl-muted">${nothing}</p>`;
	return stacked_table(
		heads,
		rows.map(
			(cells) =>
				html`<tr role="row">${cells.map((content, i) => cell(heads[i], content, i))}</tr>`
		),
		kind
	);
}

/** The same from rows that are HTML already. */
export function stacked_table(heads, rows, kind = "") {
	const head = heads.map(
		([label, kind = ""]) =>
			html`<th role="columnheader" scope="col" class="${kind}">${label}</th>`
	);
	return html`<table class="cl-plain cl-stacked ${kind}" role="table">
		<thead role="rowgroup"><tr role="row">${head}</tr></thead>
		<tbody role="rowgroup">${rows}</tbody>
	</table>`;
}

function cell([label, kind = ""], content, i) {
	const named = i && label ? html` data-label="${label}"` : "";
	return html`<td role="cell" class="${kind}"${named}>${content}</td>`;
}

/** The choice of a company, where there is one. */
export function company_select({ companies, company }) {
	if (companies.length < 2) return "";
	const options = companies.map(
		(name) =>
			html`<option value="${name}" ${name === company ? "selected" : ""}>${name}</option>`
	);
	return html`<select class="form-control input-sm cl-company" data-control="company"
		aria-label="${__("Company")}">${options}</select>`;
}

/** The bar above a tab: what is shown on the left, what can be done on the right. */
export function toolbar(filters, actions) {
	return html`<div class="cl-toolbar">
		<div class="cl-filters">${filters}</div>
		<div class="cl-actions">${actions}</div>
	</div>`;
}

/** What stands where an answer did not come, with the way to ask again. */
export function failure(text, reason = "", action = "refresh") {
	return html`<div class="cl-empty" role="alert">
		<p>${text}</p>${reason ? html`<p class="cl-muted">${reason}</p>` : ""}
		${button(action, __("Try Again"))}
	</div>`;
}

/** What stands where there is nothing to show. */
export function empty(text, more = "") {
	return html`<div class="cl-empty" role="status"><p>${text}</p>${more}</div>`;
}
