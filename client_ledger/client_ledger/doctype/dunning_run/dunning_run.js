// Dunning Run: plan, look at what would go to whom, approve all, some or none, send, and watch it being done.

frappe.ui.form.on("Dunning Run", {
	setup(frm) {
		frm.cl_shown = 100;
		frappe.realtime.on("dunning_run", (data) => {
			if (data.name === frm.doc.name) progress_changed(frm, data);
		});
	},
	refresh(frm) {
		frm.page.clear_inner_toolbar();
		if (frm.is_new()) return;
		with_code(() => {
			show_progress(frm, frm.doc);
			add_buttons(frm);
			load_notices(frm);
			watch(frm);
			preview_if_asked(frm);
		});
	},
});

const { ask, html } = client_ledger;
const { button } = client_ledger.pieces;

function with_code(callback) {
	if (client_ledger.dunning) return callback();
	frappe.require(["customer_ledger.bundle.css", "customer_dunning.bundle.js"], callback);
}

function add_buttons(frm) {
	const run = frm.doc.name;
	client_ledger.add_button(frm, __("Preview"), () => preview(frm));
	if (frm.doc.status !== "Planning") {
		client_ledger.add_button(frm, __("Plan"), async () => {
			await ask("client_ledger.dunning.api.start_run", { run });
			frm.reload_doc();
		});
	}
}

// --- progress ---

function progress_changed(frm, data) {
	Object.assign(frm.doc, data);
	show_progress(frm, frm.doc);
	if (data.status !== "Planning") load_notices(frm);
}

/** Without a socket the form asks by itself while there is something to see. */
function watch(frm) {
	clearInterval(frm.cl_watch);
	frm.cl_watch = setInterval(async () => {
		if (!["Planning", "Sending"].includes(frm.doc.status) || cur_frm !== frm) {
			clearInterval(frm.cl_watch);
			return;
		}
		const fields = ["status", "customers", "customers_done", "planned", "sent", "failed"];
		const { message } = await frappe.db.get_value("Dunning Run", frm.doc.name, fields);
		progress_changed(frm, message);
	}, 3000);
}

function show_progress(frm, { status, customers, customers_done, planned, sent, failed }) {
	frm.page.set_indicator(__(status), client_ledger.colours.colour_of("Dunning Run", status));
	const planning = status === "Planning";
	const share = planning ? customers_done / (customers || 1) : sent / (planned || 1);
	const label = planning
		? __("{0} of {1} customers planned", [customers_done, customers])
		: __("{0} of {1} notices sent, {2} failed", [sent, planned, failed]);
	const percent = Math.min(Math.round(share * 100), 100);
	const hint = __("Review the preview, then plan the notices.");
	frm.get_field("progress_html").$wrapper.html(
		String(
			status === "New"
				? html`<p class="text-muted">${hint}</p>`
				: html`<div class="progress" role="progressbar" aria-valuenow="${percent}" aria-valuemin="0"
					aria-valuemax="100" aria-label="${label}"><div class="progress-bar" style="width:${percent}%"></div></div>
				<p class="text-muted">${label}</p>`
		)
	);
}

// --- notices ---

async function load_notices(frm) {
	const run = frm.doc.name;
	const data = await ask(
		"client_ledger.dunning.api.run_notices",
		{ run, start: 0, limit: frm.cl_shown },
		"GET"
	);
	if (frm.doc.name !== run) return;
	frm.cl_data = data;
	draw_notices(frm);
}

function draw_notices(frm) {
	const { notices, statuses, count, may } = frm.cl_data;
	const $wrapper = frm.get_field("notices_html").$wrapper;
	const tallies = Object.entries(statuses).map(
		([status, { count }]) => html`${client_ledger.dunning.notice_status({ status })} ${count} `
	);
	const waiting = (statuses.Planned?.count || 0) + (statuses.Deferred?.count || 0);
	const approved = statuses.Approved?.count || 0;
	const primary = { kind: "btn-primary" };
	const buttons = [
		may.decide && waiting && button("approve-all", __("Approve All ({0})", [waiting])),
		may.decide && waiting && button("approve", __("Approve Selected")),
		may.decide && (waiting || approved) && button("reject", __("Reject Selected")),
		may.send && approved && button("send", __("Send Approved ({0})", [approved]), primary),
	].filter(Boolean);
	const table = client_ledger.dunning.notice_table(notices, __("No notices planned yet"), {
		with_customer: true,
		choosable: may.decide,
	});
	$wrapper.html(
		String(html`<div class="cl-ledger cl-run">
			${client_ledger.pieces.toolbar(tallies, buttons)}
			${table}
			${count > notices.length ? button("more", __("Load More")) : ""}
		</div>`)
	);
	$wrapper.off("click").on("click", "[data-action]", (event) => act(frm, event.currentTarget));
}

async function act(frm, element) {
	const run = frm.doc.name;
	const $wrapper = frm.get_field("notices_html").$wrapper;
	const chosen = () =>
		$wrapper
			.find("[data-choose]:checked")
			.map((_i, box) => box.dataset.choose)
			.get();
	const actions = {
		message: () =>
			client_ledger.dunning.show_message(element.dataset.name, () => load_notices(frm)),
		more: () => (frm.cl_shown += 200),
		"choose-all": () => {
			$wrapper.find("[data-choose]").prop("checked", element.checked);
			return "stay";
		},
		"approve-all": () => ask("client_ledger.dunning.api.approve_run", { run }),
		approve: () =>
			need(chosen(), (names) => ask("client_ledger.outbox.api.approve_notices", { names })),
		reject: () => need(chosen(), (names) => reject(names)),
		send: async () => {
			const count = await ask("client_ledger.dunning.api.send_approved", { run });
			frappe.show_alert(__("{0} notices are being sent", [count]));
			frm.doc.status = "Sending";
			watch(frm);
		},
	};
	if ((await actions[element.dataset.action]()) === "stay") return;
	if (element.dataset.action !== "message") load_notices(frm);
}

function need(names, callback) {
	if (names.length) return callback(names);
	frappe.show_alert({ message: __("Select at least one notice"), indicator: "orange" });
	return "stay";
}

function reject(names) {
	return new Promise((resolve) => {
		client_ledger.prompt({
			title: __("Reject"),
			label: __("Reject"),
			fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			send: ({ why }) => ask("client_ledger.outbox.api.reject_notices", { names, why }),
			done: resolve,
		});
	});
}

// --- preview ---

/** Show the preview at once where a page has led here for it. */
function preview_if_asked(frm) {
	if (client_ledger.preview_on_load !== frm.doc.name) return;
	delete client_ledger.preview_on_load;
	preview(frm);
}

async function preview(frm) {
	const dialog = new frappe.ui.Dialog({ title: __("Preview"), size: "extra-large" });
	dialog.show();
	const rows = [];
	let after = null;
	let customers = 0;
	do {
		const args = { run: frm.doc.name, size: 300 };
		if (after) args.after = after;
		const page = await ask("client_ledger.dunning.api.run_preview", args, "GET");
		rows.push(...page.rows);
		customers += page.customers;
		after = page.next;
		const looked_at = __("{0} customers checked, {1} notices", [customers, rows.length]);
		const shown = client_ledger.dunning.notice_table(
			rows.slice(0, 300),
			__("No notices would be sent"),
			{ with_customer: true }
		);
		dialog.$body.html(
			String(
				html`<div class="cl-ledger"><p class="cl-muted" role="status">${looked_at}</p>${shown}</div>`
			)
		);
	} while (after && dialog.display);
	dialog.$body.on("click", "[data-action=preview-of]", async (event) => {
		const { customer, currency } = event.currentTarget.dataset;
		const args = { customer, company: frm.doc.company, currency };
		const letter = await ask("client_ledger.dunning.api.customer_message", args, "GET");
		const letter_dialog = new frappe.ui.Dialog({
			title: String(html`${letter.subject}`),
			size: "large",
		});
		client_ledger.dunning.show_letter(letter_dialog.$body, letter.message);
		letter_dialog.show();
	});
}
