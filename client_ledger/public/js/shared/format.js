// How amounts, dates, documents and statuses are written, in the user's language and formats.
// What has tags is HTML (see html.js); everything else is plain text, escaped where it is put into HTML.

import { colour_of } from "./colours";
import { html } from "./html";

export function money(amount, currency) {
	return format_currency(amount, currency);
}

export function day(date) {
	return date ? frappe.datetime.str_to_user(date) : "";
}

/** An amount, and beneath it its equivalent in company currency where that is another currency. */
export function money_with_base(amount, currency, base, base_currency) {
	if (currency === base_currency) return money(amount, currency);
	return html`${money(amount, currency)}${base_money(base, base_currency)}`;
}

export function base_money(base, base_currency) {
	return html`<span class="cl-base">${money(base, base_currency)}</span>`;
}

export function form_link(doctype, name, text = name) {
	return html`<a href="${frappe.utils.get_form_link(doctype, name)}">${text}</a>`;
}

/** A link to a document, or just its name where the user may not open it. */
export function document_link({ doctype, name, readable }) {
	if (!readable) return html`<span class="cl-document">${name}</span>`;
	const url = frappe.utils.get_form_link(doctype, name);
	return html`<a class="cl-document" href="${url}">${name}</a>`;
}

export function pill(text, colour) {
	return html`<span class="indicator-pill ${colour} cl-pill">${text}</span>`;
}

/** The status of a document, translated, in its colour. */
export function status_pill(doctype, status) {
	return pill(__(status, null, doctype), colour_of(doctype, status));
}

export function muted(text) {
	return html`<span class="cl-muted">${text}</span>`;
}
