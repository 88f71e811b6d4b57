// Escalation Case: make the evidence pack, hand over, end.

frappe.ui.form.on("Escalation Case", {
	refresh(frm) {
		if (frm.is_new()) return;
		const live = ["Preparing", "Referred"].includes(frm.doc.status);
		if (!live || !frappe.model.can_write("Escalation Case")) return;
		client_ledger.add_button(frm, __("Create Evidence Pack"), () =>
			act(frm, "client_ledger.collections.api.make_evidence_pack", {})
		);
		if (frm.doc.status === "Preparing") {
			client_ledger
				.add_button(frm, __("Refer"), () =>
					act(frm, "client_ledger.collections.api.hand_over", {})
				)
				.addClass("btn-primary");
		}
		for (const status of ["Recovered", "Cancelled"]) {
			client_ledger.add_button(
				frm,
				__(status),
				() => act(frm, "client_ledger.collections.api.close_case", { status }),
				__("Close Case")
			);
		}
		if (frappe.model.can_create("Write Off Request")) {
			client_ledger.add_button(
				frm,
				__("Write Off", null, "Client Ledger"),
				() => write_off(frm),
				__("Close Case")
			);
		}
	},
});

async function act(frm, method, args) {
	await client_ledger.ask(method, { name: frm.doc.name, ...args }, "POST", { freeze: true });
	frm.reload_doc();
}

function write_off(frm) {
	const { customer, company, name } = frm.doc;
	const items = frm.doc.items.map(({ voucher_type, voucher_no, payment_term }) => ({
		voucher_type,
		voucher_no,
		payment_term,
	}));
	frappe.require("customer_collections.bundle.js", () =>
		client_ledger.collections.open_new(
			"Write Off Request",
			{ customer, company },
			{ items, values: { escalation_case: name } }
		)
	);
}
