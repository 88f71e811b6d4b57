// Ledger Control: what it looks for, what it did last, what it would have found, and who switched it or changed its parameters.

const { ask, attempt, html } = client_ledger;
const { day, pill } = client_ledger.format;
const { table } = client_ledger.pieces;
const NUMBER = "cl-number";

frappe.ui.form.on("Ledger Control", {
	onload(frm) {
		frappe.realtime.off("client_ledger_control_preview");
		frappe.realtime.on("client_ledger_control_preview", ({ control }) => {
			if (cur_frm === frm && frm.doc.name === control) frm.reload_doc();
		});
	},
	refresh(frm) {
		if (frm.is_new()) return;
		const { enabled } = frm.doc;
		frm.page.set_indicator(enabled ? __("On") : __("Off"), enabled ? "green" : "red");
		frm.page.set_title(shown(frm).title || frm.doc.title);
		if (!frappe.model.can_write("Ledger Control")) frm.disable_save();
		frm.toggle_display("companies_section", Boolean((frm.doc.off_in || []).length));
		frm.toggle_display("off_reason", !enabled);
		// The table says it in the reader's language.
		frm.set_df_property("parameters_section", "hidden", 1);
		frm.set_df_property("title", "hidden", 1);
		add_buttons(frm);
		frappe.require("customer_ledger.bundle.css", () => draw(frm));
	},
});

const shown = (frm) => frm.doc.__onload?.shown || { may: {}, parameters: [], runs: [] };

// --- what can be done ---

function add_buttons(frm) {
	const { may, parameters, found } = shown(frm);
	client_ledger.add_button(frm, __("Findings"), () =>
		frappe.set_route("List", "Control Finding", { control: frm.doc.name })
	);
	client_ledger.add_button(frm, __("Runs"), () =>
		frappe.set_route("List", "Control Run", { control: frm.doc.name })
	);
	if (!may.switch) return;
	client_ledger.add_button(frm, __("Preview"), () => preview(frm, values_of(frm)));
	if (found) return;
	const more = __("Change");
	if (parameters.length) {
		client_ledger.add_button(frm, __("Parameters"), () => ask_parameters(frm), more);
	}
	if (frm.doc.enabled) {
		client_ledger.add_button(frm, __("Switch Off"), () => switch_off(frm), more);
		client_ledger.add_button(
			frm,
			__("Switch Off in a Company"),
			() => switch_off(frm, true),
			more
		);
		for (const { company } of frm.doc.off_in || []) {
			client_ledger.add_button(
				frm,
				__("Switch On in {0}", [company]),
				() =>
					act(frm, "client_ledger.controls.api.switch_on_control", {
						for_company: company,
					}),
				more
			);
		}
	} else {
		client_ledger
			.add_button(frm, __("Switch On"), () => switch_on(frm))
			.addClass("btn-primary");
	}
}

const send = (frm, method, args = {}) =>
	ask(method, { name: frm.doc.name, ...args }, "POST", { freeze: true });

async function act(frm, method, args) {
	const done = await attempt(() => send(frm, method, args));
	if (done) await frm.reload_doc();
	return done;
}

function switch_off(frm, in_company = false) {
	const fields = [{ fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }];
	if (in_company) {
		fields.unshift({
			fieldname: "for_company",
			fieldtype: "Link",
			options: "Company",
			label: __("Company"),
			reqd: 1,
		});
	}
	client_ledger.prompt({
		title: __("Switch Off"),
		label: __("Switch Off"),
		fields,
		send: (values) => send(frm, "client_ledger.controls.api.switch_off_control", values),
		done: () => frm.reload_doc(),
	});
}

/** What it would have found is shown first. */
function switch_on(frm) {
	const { preview: made } = shown(frm);
	const text = made
		? __("In the last {0} months it would have found {1}; {2} of them would be open now.", [
				made.months,
				made.chosen,
				made.companies.reduce((sum, one) => sum + one.open, 0),
		  ])
		: __("Nobody has looked yet at what it would have found: use Preview first, or go on.");
	frappe.confirm(text, () => act(frm, "client_ledger.controls.api.switch_on_control"));
}

const values_of = (frm) =>
	Object.fromEntries((frm.doc.parameters || []).map((row) => [row.parameter, row.value]));

async function preview(frm, values) {
	const begun = await attempt(() =>
		ask("client_ledger.controls.api.preview_control", {
			name: frm.doc.name,
			values: JSON.stringify(values),
		})
	);
	if (begun) {
		frappe.show_alert(
			__("The last months are being replayed in the background. The page shows the result.")
		);
	}
	return begun;
}

function ask_parameters(frm) {
	const now = values_of(frm);
	const { parameters } = shown(frm);
	const dialog = new frappe.ui.Dialog({
		title: __("Parameters"),
		fields: [
			...parameters.map((one) => ({
				fieldname: one.name,
				fieldtype: one.whole ? "Int" : "Float",
				precision: 4,
				label: one.label,
				default: now[one.name],
				description: __("{0} to {1}, default {2}", [one.least, one.most, one.shipped]),
			})),
			{ fieldname: "why", fieldtype: "Small Text", label: __("Reason") },
		],
		primary_action_label: __("Save"),
		async primary_action({ why, ...values }) {
			const set = await act(frm, "client_ledger.controls.api.set_control_parameters", {
				values: JSON.stringify(values),
				why: why || "",
			});
			if (set) dialog.hide();
		},
		secondary_action_label: __("Preview"),
		async secondary_action() {
			const values = dialog.get_values(true);
			delete values.why;
			if (await preview(frm, values)) dialog.hide();
		},
	});
	dialog.show();
}

// --- what is shown ---

function draw(frm) {
	const { unknown } = shown(frm);
	fill(
		frm,
		"about_html",
		unknown
			? html`<p>${__(
					"This version does not have this control any more. It does not run."
			  )}</p>`
			: html`${about_html(frm)}${parameters_html(frm)}${runs_html(frm)}${preview_html(frm)}`
	);
	fill(frm, "history_html", history_html(shown(frm).history || []));
}

function about_html(frm) {
	const { risk, source, mended, needs, lasting, found, open } = shown(frm);
	const kind = lasting
		? __("It reports a state for as long as it is so.")
		: __("It reports what happened within a year.");
	return html`<p><strong>${risk}</strong></p>
		<p class="cl-muted">${source}</p>
		<p>${kind} ${__("A finding is gone when: {0}", [mended])}</p>
		<p class="cl-muted">${__("It reads: {0}", [needs.join(", ")])} · ${__("Open findings: {0}", [
			open,
		])}</p>
		${
			found
				? html`<p class="cl-worse">${__(
						"It has found something about you, so another user must switch or change it."
				  )}</p>`
				: ""
		}`;
}

function parameters_html(frm) {
	const { parameters } = shown(frm);
	if (!parameters.length) return "";
	const values = values_of(frm);
	const heads = [
		[__("Parameter")],
		[__("Value"), NUMBER],
		[__("Default"), NUMBER],
		[__("Bounds"), NUMBER],
		[__("Unit")],
	];
	const lines = parameters.map((one) => [
		one.label,
		values[one.name] === one.shipped
			? values[one.name]
			: html`<strong>${values[one.name]}</strong>`,
		one.shipped,
		`${one.least} – ${one.most}`,
		one.unit,
	]);
	return html`<h5>${__("Parameters")}</h5>${table(heads, lines)}`;
}

function runs_html(frm) {
	const { runs } = shown(frm);
	if (!runs.length) return html`<p class="cl-muted">${__("It has not run yet.")}</p>`;
	const heads = [
		[__("Company")],
		[__("Last Run")],
		[__("Status")],
		[__("Found"), NUMBER],
		[__("New"), NUMBER],
		[__("Gone"), NUMBER],
		[""],
	];
	const lines = runs.map((one) => [
		one.company,
		day(one.run_date),
		client_ledger.format.status_pill("Control Run", one.status),
		one.found_count,
		one.new_count,
		one.gone_count,
		one.silent || one.error || "",
	]);
	return html`<h5>${__("Last Runs")}</h5>${table(heads, lines)}`;
}

function preview_html(frm) {
	const { preview: made } = shown(frm);
	if (!made) return "";
	const same = Object.values(made.values).join() === current(frm, made).join();
	const note = same
		? ""
		: __("With other parameters: {0}", [
				Object.entries(made.values)
					.map(([name, value]) => `${label_of(frm, name)}: ${value}`)
					.join(", "),
		  ]);
	const total =
		made.shipped === made.chosen
			? __("Findings: {0}", [made.chosen])
			: __("Findings: {0}; with the default parameters {1}", [made.chosen, made.shipped]);
	return html`<h5>${__("What It Would Have Found in the Last {0} Months", [made.months])} ${pill(
		day(made.made_on.slice(0, 10)),
		"gray"
	)}</h5>
		<p>${total} ${note ? html`<span class="cl-muted">${note}</span>` : ""}</p>
		${made.companies.map(months_html)}`;
}

const current = (frm, made) =>
	Object.keys(made.values).map((name) => String(values_of(frm)[name]));

const label_of = (frm, name) =>
	shown(frm).parameters.find((one) => one.name === name)?.label || name;

function months_html({ company, months, before, open, silent }) {
	const said = [
		silent ? __(silent) : "",
		months.length
			? __("before: {0}", [before])
			: __("Its facts do not say when they came about."),
		__("open now: {0}", [open]),
	].filter(Boolean);
	return html`<div><strong>${company}</strong> <span class="cl-muted">${said.join(" · ")}</span>
		${months
			.filter(({ found }) => found)
			.map(({ month, found }) => pill(`${month}: ${found}`, "gray"))}</div>`;
}

function history_html(history) {
	const heads = [[__("Date")], [__("Action")], [__("User")], [__("Reason")]];
	const lines = history.map(({ what, by, on, why }) => [
		frappe.datetime.str_to_user(on),
		what,
		by,
		why,
	]);
	return table(heads, lines, __("Not changed since it was installed"));
}

function fill(frm, field, content) {
	frm.get_field(field).$wrapper.html(String(html`<div class="cl-ledger">${content}</div>`));
}
