// Balance Confirmation: the letter, the replies and the record of the link; remind, enter a reply, give out or revoke the link.

const { ask, html } = client_ledger;
const { small_button, table } = client_ledger.pieces;
const { form_link, money, muted, status_pill } = client_ledger.format;
const API = "client_ledger.confirmations.api.";
const ANSWERS = ["Confirmed", "Other Balance", "Differences"];
const KINDS = ["Not in Our Books", "Not in Your Statement", "Other Amount", "Other"];

frappe.ui.form.on("Balance Confirmation", {
	refresh(frm) {
		const { status, status_note, reason } = frm.doc;
		frm.page.set_indicator(
			__(status, null, "Balance Confirmation"),
			client_ledger.colours.colour_of("Balance Confirmation", status)
		);
		frm.dashboard.clear_headline();
		const note = status_note || reason;
		if (note) frm.dashboard.set_headline(String(html`${__(note)}`));
		show_page(frm);
	},
});

async function show_page(frm) {
	const { name } = frm.doc;
	const [data] = await Promise.all([
		ask(`${API}confirmation_page`, { name }, "GET"),
		frappe.require("customer_ledger.bundle.css"),
	]);
	if (frm.doc.name !== name) return;
	add_buttons(frm, data);
	draw(frm, data);
}

// --- buttons ---

function add_buttons(frm, { may, link }) {
	if (!may.work) return;
	const { status, name } = frm.doc;
	const label = __("Link");
	client_ledger.add_button(frm, __("Copy Link"), () => copy_link(name), label);
	if (link.standing === "valid") {
		client_ledger.add_button(frm, __("Revoke Link"), () => revoke(frm), label);
	}
	if (status === "Cancelled") return;
	if (status === "Awaiting Reply")
		client_ledger.add_button(frm, __("Remind"), () => remind(frm));
	client_ledger.add_button(frm, __("Enter Reply"), () => enter_reply(frm));
	client_ledger.add_button(frm, __("Enter Ledger"), () => enter_ledger(frm));
}

async function copy_link(name) {
	const url = await ask(`${API}get_link`, { name });
	frappe.utils.copy_to_clipboard(url);
}

function revoke(frm) {
	client_ledger.prompt({
		title: __("Revoke Link"),
		label: __("Revoke"),
		fields: { fieldname: "reason", fieldtype: "Small Text", label: __("Reason") },
		send: ({ reason }) =>
			ask(`${API}revoke_link`, { name: frm.doc.name, reason: reason || "" }),
		done() {
			frappe.show_alert(__("The link no longer opens anything"));
			frm.reload_doc();
		},
	});
}

async function remind(frm) {
	const count = await ask(`${API}remind`, { names: [frm.doc.name] });
	frappe.show_alert(
		count
			? __("A reminder is being sent")
			: __("A reminder is under way already, or nobody is to be reminded")
	);
	frm.reload_doc();
}

// --- replies that people enter ---

function enter_reply(frm) {
	const { form, currency } = frm.doc;
	const answers = form === "Tell Us Your Balance" ? ANSWERS.slice(1) : ANSWERS;
	const has = (...wanted) => `eval:[${wanted.map((one) => `"${one}"`)}].includes(doc.answer)`;
	const dialog = new frappe.ui.Dialog({
		title: __("Enter Reply"),
		size: "large",
		fields: [
			{
				fieldname: "answer",
				fieldtype: "Select",
				label: __("Answer"),
				options: answers.map((value) => ({ value, label: __(value) })),
				reqd: 1,
			},
			{
				fieldname: "balance",
				fieldtype: "Float",
				label: __("Customer's Balance ({0})", [currency]),
				description: __("What the customer owes is positive."),
				depends_on: has("Other Balance", "Differences"),
				mandatory_depends_on: has("Other Balance"),
			},
			{
				fieldname: "lines",
				fieldtype: "Table",
				label: __("Differences"),
				depends_on: has("Differences"),
				in_place_edit: true,
				data: [],
				fields: line_fields(),
			},
			{ fieldname: "declared_name", fieldtype: "Data", label: __("Name"), reqd: 1 },
			{ fieldname: "declared_position", fieldtype: "Data", label: __("Position") },
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		primary_action_label: __("Save"),
		primary_action: (values) => save_reply(frm, dialog, values),
	});
	dialog.show();
}

function line_fields() {
	const shown = { in_list_view: 1, columns: 2 };
	return [
		{
			...shown,
			fieldname: "kind",
			fieldtype: "Select",
			label: __("Kind"),
			options: KINDS.map((value) => ({ value, label: __(value) })),
			default: KINDS[0],
		},
		{ ...shown, fieldname: "number", fieldtype: "Data", label: __("Document Number") },
		{ ...shown, fieldname: "date", fieldtype: "Date", label: __("Date") },
		{ ...shown, fieldname: "amount", fieldtype: "Float", label: __("Amount") },
		{ ...shown, fieldname: "remark", fieldtype: "Data", label: __("Remark") },
	];
}

async function save_reply(frm, dialog, values) {
	const lines = (values.lines || []).map(({ kind, number, date, amount, remark }) => ({
		kind: kind || KINDS[0],
		number,
		date,
		amount,
		remark,
	}));
	const args = {
		...values,
		name: frm.doc.name,
		lines: values.answer === "Differences" ? lines : [],
	};
	if (values.answer === "Confirmed") delete args.balance;
	saved(frm, dialog, await ask(`${API}enter_reply`, args, "POST", { freeze: true }));
}

function enter_ledger(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Enter Ledger"),
		fields: [
			{
				fieldname: "file_url",
				fieldtype: "Attach",
				label: __("File (.xlsx or .csv)"),
				reqd: 1,
			},
			{ fieldname: "declared_name", fieldtype: "Data", label: __("Name"), reqd: 1 },
			{ fieldname: "declared_position", fieldtype: "Data", label: __("Position") },
		],
		primary_action_label: __("Save"),
		primary_action: async (values) => {
			const args = { ...values, name: frm.doc.name };
			saved(frm, dialog, await ask(`${API}enter_ledger`, args, "POST", { freeze: true }));
		},
	});
	// The file is attached to this document, where the server looks for it.
	dialog.fields_dict.file_url.df.options = { doctype: frm.doctype, docname: frm.docname };
	dialog.show();
}

function saved(frm, dialog, { refused }) {
	dialog.hide();
	if (refused)
		frappe.msgprint({ message: refused, indicator: "orange", title: __("Not Counted") });
	frm.reload_doc();
}

// --- what there is ---

function draw(frm, data) {
	const $place = frm.get_field("confirmation_html").$wrapper;
	$place.html(
		String(html`<div class="cl-ledger">
			${replies_html(data)}
			${events_html(data)}
			<details class="cl-letter"><summary>${
				data.stated ? __("Letter as sent") : __("Letter as it would be sent now")
			}</summary>
				<iframe sandbox="" title="${__("Letter")}"
					style="width:100%;height:70vh;border:1px solid var(--border-color);border-radius:8px;background:#fff"></iframe>
			</details>
		</div>`)
	);
	$place.find("iframe").attr("srcdoc", data.html);
	$place.off("click").on("click", "[data-action]", async ({ currentTarget }) => {
		const { action, name } = currentTarget.dataset;
		await ask(`${API}${action}`, { name }, "POST", { freeze: true });
		frm.reload_doc();
	});
}

function replies_html({ replies, may }) {
	const heads = [
		[__("Answer")],
		[__("State")],
		[__("Customer's Balance"), "text-right"],
		[__("Name")],
		[__("Received")],
		[""],
	];
	const rows = replies.map((row) => [
		html`${form_link(
			"Confirmation Reply",
			row.name,
			__(row.answer, null, "Confirmation Reply")
		)}
			${row.remark ? html`<div>${muted(row.remark)}</div>` : ""}${file_html(row)}`,
		html`${status_pill("Confirmation Reply", row.state)}
			${row.not_counted_because ? html`<div>${muted(__(row.not_counted_because))}</div>` : ""}`,
		row.has_balance ? money(row.balance, row.currency) : "",
		html`${row.declared_name || ""} ${
			row.declared_position ? muted(row.declared_position) : ""
		}`,
		html`${frappe.datetime.str_to_user(String(row.replied_on).slice(0, 19))}
			<div>${muted(__(row.origin, null, "Confirmation Reply"))}</div>`,
		row_buttons(row, may),
	]);
	return html`<h4>${__("Replies")}</h4>${table(heads, rows, __("No replies yet"))}`;
}

function file_html({ file_name, processing, error, rows_read, read_note }) {
	if (!file_name) return "";
	const read = processing === "Read" ? __("{0} lines", [rows_read]) : __(processing);
	return html`<div>${file_name} ${muted(read)}</div>
		${error ? html`<div class="cl-worse" style="white-space:pre-line">${error}</div>` : ""}
		${read_note ? html`<div>${muted(read_note)}</div>` : ""}`;
}

function row_buttons({ name, state, processing }, may) {
	if (!may.work) return "";
	return html`${
		state === "Counted" ? "" : small_button("count_reply", __("Let It Count"), { name })
	} ${processing === "Failed" ? small_button("read_again", __("Read Again"), { name }) : ""}`;
}

function events_html({ events, link }) {
	const standing = {
		valid: __("The link is valid until {0}.", [frappe.datetime.str_to_user(link.expires_on)]),
		expired: __("The link has expired."),
		revoked: __("The link is revoked."),
		none: __("There is no link yet."),
	}[link.standing];
	const heads = [[__("Event")], [__("On")], [__("Name")], [__("IP Address")]];
	const rows = events.map((row) => [
		html`${__(row.event)} ${
			row.detail ? muted(__(row.detail, null, "Confirmation Reply")) : ""
		}`,
		frappe.datetime.str_to_user(String(row.occurred_on).slice(0, 19)),
		[row.declared_name, row.declared_position].filter(Boolean).join(", "),
		row.ip_address || "",
	]);
	return html`<h4>${__("Record of the Link")}</h4><p class="text-muted">${standing}</p>
		${table(heads, rows, __("Not opened yet"))}`;
}
