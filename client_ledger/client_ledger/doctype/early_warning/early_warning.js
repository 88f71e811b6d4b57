// Early Warning: why it was raised, how often its signal was right, and what can be done about it.

const RUNNING = ["Open", "Snoozed", "Acted"];

frappe.ui.form.on("Early Warning", {
	refresh(frm) {
		frm.disable_save();
		const { status } = frm.doc;
		frm.page.set_indicator(
			__(status),
			client_ledger.colours.colour_of("Early Warning", status)
		);
		// They are for lists, print and reports; the reason below and the link to the signal say more.
		for (const field of ["reason", "signal_name"]) frm.set_df_property(field, "hidden", 1);
		frm.get_field("reason_html").$wrapper.html(
			String(client_ledger.warnings.reason_html(frm.doc))
		);
		show_record(frm);
	},
});

async function show_record(frm) {
	const { name } = frm.doc;
	const { record, use, may } = await client_ledger.ask(
		"client_ledger.early_warnings.api.warning_record",
		{ name },
		"GET"
	);
	if (frm.doc.name !== name) return;
	frm.set_intro("");
	const state = client_ledger.warnings.state_text({
		enabled: use,
		applies_to: frm.doc.customer ? "Customer" : "Company",
		records: record ? [record] : [],
	});
	frm.set_intro(
		frappe.utils.escape_html(
			[client_ledger.warnings.record_text(record), state].filter(Boolean).join(" ")
		),
		record && record.is_on ? "blue" : "orange"
	);
	frm.clear_custom_buttons();
	add_buttons(frm, may);
}

function add_buttons(frm, may) {
	const { doc } = frm;
	const { warnings } = client_ledger;
	const done = () => frm.reload_doc();
	client_ledger.add_button(frm, __("Signal"), () =>
		frappe.set_route("Form", "Warning Signal", doc.signal)
	);
	if (may.work && RUNNING.includes(doc.status)) {
		client_ledger.add_button(frm, __("Close"), () => warnings.close(doc, done));
		client_ledger.add_button(frm, __("Snooze"), () => warnings.snooze(doc, done));
		frm.page.set_primary_action(__("Act", null, "Client Ledger"), () =>
			warnings.act_on(doc, done)
		);
	} else {
		frm.page.clear_primary_action();
	}
	if (may.work && doc.status !== "Open" && !doc.ended_on) {
		client_ledger.add_button(frm, __("Reopen"), () => warnings.reopen(doc, done));
	}
	if (may.manage && RUNNING.includes(doc.status)) {
		client_ledger.add_button(frm, __("Assign"), () => warnings.give(doc, done));
	}
}
