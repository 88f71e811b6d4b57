// HTML that escapes by itself: html`<td>${value}</td>`. Whatever stands in the braces becomes text, unless it is such HTML
// itself; lists are joined; null, undefined and false are nothing. raw(text) marks text that is HTML already.
//
// The result is an object. Where Frappe or jQuery want a string, give them String(…).

// A symbol of the whole page: each bundle has a copy of this file.
const IS_HTML = Symbol.for("client_ledger.html");
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

class Html {
	constructor(text) {
		this.text = text;
		this[IS_HTML] = true;
	}

	toString() {
		return this.text;
	}
}

export function html(strings, ...values) {
	return new Html(strings.reduce((text, part, i) => text + written(values[i - 1]) + part));
}

/** Mark *text* as HTML: only for what Frappe made (an icon, a formatted cell) or the server made safe. */
export function raw(text) {
	return new Html(String(text ?? ""));
}

/** Put *separator* between the parts that are not empty; a line break unless another is given. */
export function joined(parts, separator = raw("<br>")) {
	const texts = parts.map(written).filter(Boolean);
	return new Html(texts.join(written(separator)));
}

/** Fill the {0}, {1} … of a translated sentence, where a value may be HTML. */
export function fill(sentence, values) {
	const parts = sentence.split(/\{(\d+)\}/);
	return new Html(parts.map((part, i) => written(i % 2 ? values[part] : part)).join(""));
}

/** Return whether *value* was made here, and so is not escaped again. */
export function is_html(value) {
	return Boolean(value && value[IS_HTML]);
}

function written(value) {
	if (is_html(value)) return value.text;
	if (Array.isArray(value)) return value.map(written).join("");
	if (value === null || value === undefined || value === false) return "";
	return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
