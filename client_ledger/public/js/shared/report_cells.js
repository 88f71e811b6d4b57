// Cells of our reports. Text is shown as text, whatever it holds; everything else as Frappe formats it.

import { colour_of } from "./colours";
import { html, is_html, raw } from "./html";

const TEXTS = ["Data", "Text", "Small Text", "Long Text", "Select", "Read Only", "Autocomplete"];

/** A formatter of a report that changes nothing but that; or the base of one that does, which gets and returns HTML. */
export function report_formatter(change = (content) => content) {
	return (value, row, column, data, default_formatter) => {
		const plain = () => cell(value, row, column, data, default_formatter);
		const content = data ? change(plain(), { value, row, column, data }) : plain();
		return String(is_html(content) ? content : html`${content}`);
	};
}

function cell(value, row, column, data, default_formatter) {
	const text = typeof value === "string" && value;
	if (text && TEXTS.includes(column.fieldtype || "Data")) {
		return html`${column.fieldtype === "Select" ? __(value) : value}`;
	}
	if (text && ["Link", "Dynamic Link"].includes(column.fieldtype)) {
		const doctype = column.fieldtype === "Link" ? column.options : data?.[column.options];
		return link(doctype, value);
	}
	// What is not known is empty: Frappe would write 0.
	if (data && (value === null || value === undefined)) return html``;
	// Numbers, dates and boxes: nobody's words.
	return raw(default_formatter(value, row, column, data));
}

function link(doctype, name) {
	const label = __((doctype && frappe.utils.get_link_title(doctype, name)) || name);
	if (!doctype || !frappe.model.can_read(doctype)) return html`${label}`;
	const url = frappe.utils.get_form_link(doctype, name);
	return html`<a href="${url}" data-doctype="${doctype}" data-name="${name}" data-value="${name}">${label}</a>`;
}

export function bold(content) {
	return html`<b>${content}</b>`;
}

/** A pill without a dot, which a list's and a report's cells have room for. */
export function cell_pill(text, colour) {
	return text
		? html`<span class="indicator-pill no-indicator-dot ${colour}">${text}</span>`
		: "";
}

/** The status of a document in a cell, in its colour. */
export function cell_status(doctype, status, label = __(status)) {
	return cell_pill(label, colour_of(doctype, status));
}
