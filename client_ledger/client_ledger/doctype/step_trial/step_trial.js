// Step Trial: start it, end it, and what it says so far.

frappe.ui.form.on("Step Trial", {
	setup(frm) {
		frm.set_query("policy", () => ({
			filters: frm.doc.company ? { for_company: ["in", ["", frm.doc.company]] } : {},
		}));
	},
	refresh(frm) {
		const { status } = frm.doc;
		frm.page.set_indicator(__(status), client_ledger.colours.colour_of("Step Trial", status));
		show_result(frm);
		// Where no person has written it, in the reader's language.
		const why = __(frm.doc.end_reason || "");
		frm.set_df_property("end_reason", "description", why === frm.doc.end_reason ? "" : why);
		show_steps(frm);
		if (frm.is_new()) return;
		const is_off = status === "Off";
		for (const df of frm.meta.fields) {
			if (!df.read_only) frm.set_df_property(df.fieldname, "read_only", is_off ? 0 : 1);
		}
		if (!is_off) frm.disable_save();
		else frm.enable_save();
		if (!is_off) add_report(frm);
		if (!frm.perm[0]?.write) return;
		if (is_off && !frm.is_dirty()) {
			client_ledger
				.add_button(frm, __("Start Trial"), () => start(frm))
				.addClass("btn-primary");
		}
		if (status === "Running") {
			client_ledger.add_button(frm, __("End Trial"), () => ask_end(frm));
		}
		if (!is_off) client_ledger.add_button(frm, __("Measure Now"), () => measure(frm));
	},
	policy: show_steps,
});

function add_report(frm) {
	client_ledger.add_button(frm, __("Step Effects"), () =>
		frappe.set_route("query-report", "Step Effects", {
			company: frm.doc.company,
			policy: frm.doc.policy,
		})
	);
}

/** Say which steps the policy has, below the field for their number. */
async function show_steps(frm) {
	const { policy } = frm.doc;
	const usual = __(
		"Its row in the policy. Steps that charge, refer, hold documents or lead to legal action cannot be varied."
	);
	if (!policy || frm.doc.status !== "Off") {
		frm.set_df_property("step", "description", usual);
		return;
	}
	const { steps = [] } = await frappe.db.get_doc("Dunning Policy", policy);
	if (policy !== frm.doc.policy) return;
	const shown = steps.map(({ idx, step_name, days, channel }) =>
		__("{0}. {1}: {2} days, {3}", [idx, step_name, days, __(channel)])
	);
	frm.set_df_property("step", "description", String(client_ledger.joined([usual, ...shown])));
}

async function show_result(frm) {
	frm.dashboard.clear_headline();
	if (!frm.doc.because) return;
	const [sentence, ...values] = JSON.parse(frm.doc.because);
	const said = __(
		sentence,
		values.map((value) => __(String(value)))
	);
	const colour = client_ledger.colours.colour_of("Step Verdict", frm.doc.verdict);
	frm.dashboard.set_headline(String(client_ledger.html`${said}`), colour, true);
}

function start(frm) {
	const { share, days, channel, since } = frm.doc;
	const what = [
		days > 0 && __("{0} days later", [days]),
		days < 0 && __("{0} days earlier", [-days]),
		channel && __("by {0}", [__(channel)]),
	].filter(Boolean);
	frappe.confirm(
		__(
			"From {0} on, {1} % of the customers get this step {2}. Nothing of the trial can be changed then; it can only be ended. Start it?",
			[frappe.datetime.str_to_user(since), share, what.join(", ")]
		),
		() => act(frm, "client_ledger.measured_effect.api.start_trial")
	);
}

function ask_end(frm) {
	client_ledger.prompt({
		title: __("End Trial"),
		label: __("End Trial"),
		fields: {
			fieldname: "why",
			fieldtype: "Small Text",
			label: __("Reason for Ending"),
			reqd: 1,
		},
		send: ({ why }) => send(frm, "client_ledger.measured_effect.api.end_trial", { why }),
		done: () => frm.reload_doc(),
	});
}

const measure = (frm) => act(frm, "client_ledger.measured_effect.api.measure_trial");

const send = (frm, method, args = {}) =>
	client_ledger.ask(method, { name: frm.doc.name, ...args }, "POST", { freeze: true });

async function act(frm, method) {
	await send(frm, method);
	await frm.reload_doc();
}
