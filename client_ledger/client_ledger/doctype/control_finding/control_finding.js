// Control Finding: what was found, in which documents, and what became of it.

const { controls, html } = client_ledger;
const { document_link } = client_ledger.format;
const FINDING = "Control Finding";

frappe.ui.form.on(FINDING, {
	refresh(frm) {
		if (frm.is_new()) return;
		const { status, control } = frm.doc;
		frm.page.set_indicator(__(status), client_ledger.colours.colour_of(FINDING, status));
		if (!frappe.model.can_write(FINDING)) frm.disable_save();
		// They are for print and reports; here the lines above say more.
		for (const field of ["reason_section", "control_title", "resolution"]) {
			frm.set_df_property(field, "hidden", 1);
		}
		frm.toggle_display("resolution_section", Boolean(frm.doc.closed_on));
		add_buttons(frm, shown(frm));
		frm.set_intro("");
		frm.dashboard.clear_headline();
		frm.dashboard.set_headline(String(headline(shown(frm))));
		fill(frm, "history_html", history_html(shown(frm).history || []));
		if (frappe.model.can_read("Ledger Control")) {
			client_ledger.add_button(frm, __("Control"), () =>
				frappe.set_route("Form", "Ledger Control", control)
			);
		}
	},
});

const shown = (frm) => frm.doc.__onload?.shown || { may: {}, documents: [] };

function add_buttons(frm, { may }) {
	const done = () => frm.reload_doc();
	const { name } = frm.doc;
	if (may.take_up) {
		client_ledger.add_button(frm, __("Take Up"), () => controls.take_up(name, done));
	}
	if (may.accept) {
		client_ledger.add_button(frm, __("Accept"), () =>
			controls.close_findings([name], "Accepted", done)
		);
	}
	if (may.resolve) {
		client_ledger
			.add_button(frm, __("Resolve"), () =>
				controls.close_findings([name], "Resolved", done)
			)
			.addClass("btn-primary");
	}
	if (may.reopen) {
		client_ledger.add_button(frm, __("Reopen"), () => controls.reopen(name, done));
	}
}

function headline({ title, reason, risk, documents, resolution, about, late }) {
	const said = [
		about ? __("It is about you, so another user must look at it.") : "",
		late ? __("It should have been closed by now.") : "",
	].filter(Boolean);
	return html`<div class="cl-finding"><strong>${title}</strong><div>${reason}</div>
		<div class="cl-muted">${risk}</div>
		${documents.length ? html`<div>${documents.map(one_document)}</div>` : ""}
		${resolution ? html`<div>${__("Closed: {0}", [resolution])}</div>` : ""}
		${said.length ? html`<div class="cl-worse">${said.join(" ")}</div>` : ""}</div>`;
}

function one_document(one) {
	return html`<span class="cl-finding-document">${__(one.doctype)} ${document_link(
		one
	)} </span>`;
}

function history_html(history) {
	const lines = history.map(
		({ what, by, on, why }) =>
			html`<div>${frappe.datetime.str_to_user(on)} · ${what}${by ? ` · ${by}` : ""}${
				why ? html`<div class="cl-muted">${why}</div>` : ""
			}</div>`
	);
	return html`<div class="cl-ledger">${lines}</div>`;
}

function fill(frm, field, content) {
	frm.get_field(field).$wrapper.html(String(content));
}
