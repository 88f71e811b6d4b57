// Credit Assessment: the points and their reasons in the reader's language, and the customer's grades until now;
// Recalculate makes it again from what is stored with it.

const { html } = client_ledger;
const { colour_of } = client_ledger.colours;

frappe.ui.form.on("Credit Assessment", {
	onload: label_confidence,
	refresh(frm) {
		frm.disable_save();
		const { status } = frm.doc;
		frm.page.set_indicator(
			__(status, null, "Credit Assessment"),
			colour_of("Credit Assessment", status)
		);
		if (frm.doc.docstatus)
			client_ledger.add_button(frm, __("Recalculate"), () => recompute(frm));
		show_in_words(frm);
		show_trend(frm);
	},
});

/** What is stored of the confidence is a key; the form shows its label. */
function label_confidence(frm) {
	const labels = {
		none: __("No History"),
		low: __("Low Confidence"),
		normal: __("Normal Confidence"),
	};
	frm.get_docfield("confidence").formatter = (value) => labels[value] || value || "";
}

/** The stored words are in the language of the night that wrote them. */
function show_in_words(frm) {
	const said = frm.doc.__onload?.in_words;
	if (!said) return;
	const rows = [...said.factors, ...said.deductions];
	(frm.doc.factors || []).forEach((row, place) => {
		const { label, reason } = rows[place] || {};
		if (label) Object.assign(row, { measure: label, reason });
	});
	frm.doc.reasons = [...said.caps, said.unrated].filter(Boolean).join("\n");
	frm.doc.lifts = said.lifts
		.flatMap(({ heading, sentences }) => [`${heading}:`, ...sentences])
		.join("\n");
	["factors", "reasons", "lifts"].forEach((field) => frm.refresh_field(field));
}

function show_trend(frm) {
	const rows = frm.doc.__onload?.trend || [];
	if (rows.length < 2) return;
	const pills = rows.map(({ name, as_of, grade, score, confidence }) => {
		const text = confidence === "none" ? __(grade) : `${grade} ${score.toFixed(1)}`;
		const url = frappe.utils.get_form_link("Credit Assessment", name);
		const colour = name === frm.doc.name ? "blue" : "gray";
		return html`<a class="indicator-pill ${colour} no-indicator-dot" href="${url}"
			title="${frappe.datetime.str_to_user(as_of)}">${text}</a> `;
	});
	frm.dashboard.add_section(
		String(html`<div class="cl-assessments">${pills}</div>`),
		__("Grade History")
	);
}

async function recompute(frm) {
	const found = await client_ledger.ask(
		"client_ledger.client_ledger.doctype.credit_assessment.credit_assessment.recompute",
		{ name: frm.doc.name },
		"GET"
	);
	show_recomputed(found);
}

function show_recomputed({ identical, differences }) {
	if (identical) {
		frappe.msgprint({
			title: __("Recalculated"),
			indicator: "green",
			message: __("The stored and the recalculated results are identical."),
		});
		return;
	}
	const rows = Object.entries(differences).map(
		([path, [stored, now]]) =>
			html`<tr><td>${path}</td><td>${String(stored)}</td><td>${String(now)}</td></tr>`
	);
	frappe.msgprint({
		title: __("Different Result"),
		indicator: "red",
		message: String(html`<table class="table table-bordered">
			<thead><tr><th>${__("Figure")}</th><th>${__("Stored Value")}</th><th>${__(
				"Recalculated Value"
			)}</th></tr></thead>
			<tbody>${rows}</tbody></table>`),
	});
}
