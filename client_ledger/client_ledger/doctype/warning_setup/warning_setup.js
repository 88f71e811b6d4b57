// Warning Setup: replay the past, see what would have been raised, then switch on; off with a reason.

frappe.ui.form.on("Warning Setup", {
	async setup() {
		await frappe.require("customer_ledger.bundle.css");
	},
	refresh(frm) {
		const { doc } = frm;
		frm.page.set_indicator(
			doc.enabled ? __("In Use") : __("Off"),
			doc.enabled ? "green" : "gray"
		);
		if (frm.is_new()) return;
		const found = doc.replay ? JSON.parse(doc.replay) : null;
		const shown = doc.status === "Replayed" || found;
		frm.get_field("replay_html").$wrapper.html(
			shown ? String(client_ledger.warnings.replay_html(found, doc.__onload?.uses)) : ""
		);
		if (!frm.perm[0]?.write) return;
		client_ledger.add_button(frm, __("Replay the Past"), () => replay(frm));
		if (doc.enabled) {
			client_ledger.add_button(frm, __("Switch Off"), () => switch_off(frm));
		} else if (doc.status === "Replayed") {
			client_ledger
				.add_button(frm, __("Switch On"), () =>
					act(frm, "client_ledger.early_warnings.api.switch_warnings_on")
				)
				.addClass("btn-primary");
		}
	},
});

async function replay(frm) {
	await act(frm, "client_ledger.early_warnings.api.replay_warnings");
	frappe.show_alert(
		__("The past is replayed in the background. Reload in a minute to see what it says.")
	);
}

function switch_off(frm) {
	client_ledger.prompt({
		title: __("Switch Off"),
		label: __("Switch Off"),
		fields: { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		send: ({ reason }) =>
			send(frm, "client_ledger.early_warnings.api.switch_warnings_off", { reason }),
		done: () => frm.reload_doc(),
	});
}

const send = (frm, method, more = {}) =>
	client_ledger.ask(method, { company: frm.doc.company, ...more }, "POST", { freeze: true });

async function act(frm, method) {
	await send(frm, method);
	frm.reload_doc();
}
