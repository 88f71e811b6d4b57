// Confirmation Reply: let it count instead of another, or have its file read again.

const { ask } = client_ledger;
const API = "client_ledger.confirmations.api.";

frappe.ui.form.on("Confirmation Reply", {
	refresh(frm) {
		const { name, state, processing } = frm.doc;
		frm.page.set_indicator(
			__(state, null, "Confirmation Reply"),
			client_ledger.colours.colour_of("Confirmation Reply", state)
		);
		if (!frappe.model.can_write("Balance Confirmation")) return;
		const act = async (method) => {
			await ask(`${API}${method}`, { name }, "POST", { freeze: true });
			frm.reload_doc();
		};
		if (state !== "Counted")
			client_ledger.add_button(frm, __("Let It Count"), () => act("count_reply"));
		if (processing === "Failed")
			client_ledger.add_button(frm, __("Read Again"), () => act("read_again"));
	},
});
