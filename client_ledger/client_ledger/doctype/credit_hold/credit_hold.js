// Credit Hold: why a document is held, and the buttons that decide on it.

frappe.ui.form.on("Credit Hold", {
	refresh(frm) {
		frm.disable_save();
		set_state(frm);
		if (!["On Hold", "Rejected"].includes(frm.doc.status)) return;
		if (frm.doc.__onload?.may_decide) {
			frm.add_custom_button(__("Release Hold"), () => release(frm)).addClass("btn-primary");
			if (frm.doc.status === "On Hold") {
				frm.add_custom_button(__("Reject"), () => reject(frm));
			}
		}
		if (frm.doc.status === "On Hold") {
			frm.add_custom_button(__("Re-evaluate"), () =>
				decide(frm, "client_ledger.credit.api.reevaluate_hold", {})
			);
		}
	},
});

function set_state(frm) {
	const { status } = frm.doc;
	frm.page.set_indicator(__(status), client_ledger.colours.colour_of("Credit Hold", status));
	frm.dashboard.clear_headline();
	if (frm.doc.decided_on && !frm.doc.decision_reason) {
		frm.dashboard.set_headline(__("All credit rules now pass"));
	}
	if (frm.doc.status === "On Hold" && !frm.doc.__onload?.may_decide) {
		frm.dashboard.set_headline(
			__(
				"A Credit Manager or Credit Controller who did not enter or submit the document decides on it."
			)
		);
	}
}

function release(frm) {
	frappe.prompt(
		[
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			{
				fieldname: "grace_days",
				fieldtype: "Int",
				label: __("Grace Period (Days)"),
				default: 14,
				description: __(
					"During this time the document and the deliveries and invoices created from it pass the credit check."
				),
			},
		],
		(values) => decide(frm, "client_ledger.credit.api.release_hold", values),
		__("Release {0}", [frm.doc.reference_name]),
		__("Release Hold")
	);
}

function reject(frm) {
	frappe.prompt(
		[{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
		(values) => decide(frm, "client_ledger.credit.api.reject_hold", values),
		__("Reject {0}", [frm.doc.reference_name]),
		__("Reject")
	);
}

function decide(frm, method, values) {
	return frappe.call({
		method,
		type: "POST",
		args: { name: frm.doc.name, ...values },
		freeze: true,
		callback: ({ message }) => {
			frappe.show_alert({ message: __(message), indicator: "blue" });
			frm.reload_doc();
		},
	});
}
