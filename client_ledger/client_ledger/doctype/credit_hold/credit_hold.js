// Credit Hold: why a document is held, and the buttons that decide on it.

frappe.ui.form.on("Credit Hold", {
	refresh(frm) {
		frm.disable_save();
		set_state(frm);
		const reload = () => frm.reload_doc();
		if (!["On Hold", "Rejected"].includes(frm.doc.status)) return;
		if (frm.doc.__onload?.may_decide) {
			const { release_hold, release_and_submit, reject_hold } = client_ledger.decisions;
			if (frm.doc.__onload.may_submit) {
				client_ledger.add_button(frm, __("Release and Submit"), () =>
					release_and_submit(frm.doc, reload)
				);
			}
			client_ledger
				.add_button(frm, __("Release Hold"), () => release_hold(frm.doc, reload))
				.addClass("btn-primary");
			if (frm.doc.status === "On Hold") {
				client_ledger.add_button(frm, __("Reject"), () => reject_hold(frm.doc, reload));
			}
		}
		if (frm.doc.status === "On Hold") {
			client_ledger.add_button(frm, __("Re-evaluate"), () =>
				client_ledger.decisions.reevaluate_hold(frm.doc, reload)
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
