// Procedures where the work is done: on forms of the documents they are about, as a section that opens by itself while
// its reader has not read the version in force.

import { ask } from "../shared/ask";
import { day } from "../shared/format";
import { form_link } from "../shared/format";
import { html } from "../shared/html";
import { add_button } from "../shared/button";

const SECTION = "cl-procedures";
let asked;
const shown = {};

/** The DocTypes with procedures, asked for once after the desk was loaded. */
function watched() {
	if (!frappe.model.can_read("Procedure")) return Promise.resolve([]);
	asked ||= ask("client_ledger.procedures.api.watched", {}, "GET").catch(() => []);
	return asked;
}

function procedures_of(doctype) {
	shown[doctype] ||= ask("client_ledger.procedures.api.shown_on", { doctype }, "GET").catch(
		() => []
	);
	return shown[doctype];
}

export async function show(frm) {
	const { doctype, name } = frm.doc;
	if (frm.is_new()) return take_away(frm);
	const watches = (await watched()).includes(doctype);
	const all = watches ? await procedures_of(doctype) : [];
	// By now the form may show another document.
	if (frm.doc.name !== name || frm.doc.doctype !== doctype) return;
	take_away(frm);
	const found = all.filter((one) => applies(one, frm.doc));
	if (!found.length) return;
	// Above the tabs: the form's dashboard stands on the last one, where nobody works.
	const section = $(
		String(
			html`<div class="${SECTION} px-4 py-3 border-bottom">${found.map(
				procedure_html
			)}</div>`
		)
	).insertBefore(frm.layout.page);
	section.on("click", "a[data-screen]", open_screen);
	section.on("click", "button[data-procedure]", (event) => {
		const { procedure, version } = event.currentTarget.dataset;
		confirm_reading(procedure, Number(version), () => show(frm));
	});
}

function take_away(frm) {
	frm.layout.wrapper.children(`.${SECTION}`).remove();
}

function applies({ where }, doc) {
	return where.some(({ field, value }) => !field || String(doc[field] ?? "") === value);
}

function procedure_html(one) {
	const due = one.ask
		? html` <span class="indicator-pill orange">${__("to be read by {0}", [
				day(one.due),
		  ])}</span>`
		: "";
	const news =
		one.ask && one.what_changed
			? html`<p><b>${__("What Changed")}:</b> ${one.what_changed}</p>`
			: "";
	const button = one.ask
		? html`<button class="btn btn-default btn-sm" data-procedure="${one.name}" data-version="${
				one.version
		  }">${__("Read and Understood")}</button>`
		: "";
	return html`<details class="cl-procedure"${one.ask ? html` open` : ""}>
		<summary>${form_link("Procedure", one.name, one.title)} · ${__("version {0}", [
			one.version,
		])}${due}</summary>
		<p>${one.summary}</p>${news}
		<ol>${one.steps.map(step_html)}</ol>${button}</details>`;
}

function step_html({ instruction, role, deadline, deadline_unit, mine, opens }) {
	const within = deadline ? ` · ${within_text(deadline, deadline_unit)}` : "";
	const who = html`<span class="text-muted">${role}${within}</span>`;
	const screen = opens
		? html` · <a href="#" data-kind="${opens.kind}" data-screen="${opens.name}"><u>${opens.title}</u></a>`
		: "";
	return html`<li>${mine ? html`<b>${instruction}</b>` : instruction} ${who}${screen}</li>`;
}

const ROUTES = {
	DocType: (name) => ["List", name],
	Report: (name) => ["query-report", name],
	Page: (name) => [name],
};

/** Open the screen on which a step is done. */
function open_screen(event) {
	event.preventDefault();
	const { kind, screen } = event.currentTarget.dataset;
	frappe.set_route(...ROUTES[kind](screen));
}

function within_text(number, unit) {
	if (unit === "Hours") {
		return number === 1 ? __("within an hour") : __("within {0} hours", [number]);
	}
	if (unit === "Working Days") {
		return number === 1 ? __("within a working day") : __("within {0} working days", [number]);
	}
	return number === 1 ? __("within a day") : __("within {0} days", [number]);
}

async function confirm_reading(name, version, done) {
	await ask("client_ledger.procedures.api.read_and_understood", { name, version });
	for (const doctype of Object.keys(shown)) delete shown[doctype];
	frappe.show_alert({ message: __("Noted: read and understood."), indicator: "green" });
	done();
}

/** On a procedure's own form. */
export function offer_reading(frm, name) {
	add_button(frm, __("Read and Understood"), () =>
		confirm_reading(name, frm.doc.version, () => frm.reload_doc())
	);
}

$(document).on("form-refresh", (_event, frm) => show(frm));
