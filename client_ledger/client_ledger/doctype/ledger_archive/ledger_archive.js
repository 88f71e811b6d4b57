// Ledger Archive: what an entry says as a table, its files, and what may be done about it.

frappe.ui.form.on("Ledger Archive", {
	refresh(frm) {
		frm.disable_save();
		show_state(frm);
		show_figures(frm);
		link_files(frm);
		add_buttons(frm);
	},
});

const { archive, html } = client_ledger;

function show_state(frm) {
	const { sequence, purged_on, legal_hold } = frm.doc;
	const [text, colour] = purged_on
		? [__("Purged"), "gray"]
		: legal_hold
		  ? [__("Legal Hold"), "purple"]
		  : sequence
		    ? [__("Chained"), "green"]
		    : [__("Not Chained Yet"), "orange"];
	frm.page.set_indicator(text, colour);
}

/** The figures as rows, a path and a value each; long ones are shown in full, none as markup. */
function show_figures(frm) {
	const $wrapper = frm.get_field("content_html").$wrapper.empty();
	const rows = [];
	try {
		flatten("", JSON.parse(frm.doc.figures || "{}"), rows);
	} catch {
		rows.push(["", frm.doc.figures]);
	}
	if (!rows.length) return;
	const cells = rows.map(
		([path, value]) => html`<tr><th scope="row">${path}</th><td>${value}</td></tr>`
	);
	$wrapper.html(
		String(html`<div class="cl-archive-figures"><table class="table table-bordered">
			<tbody>${cells}</tbody></table></div>`)
	);
}

function flatten(path, value, rows) {
	if (value === null || value === undefined || value === "") return;
	if (typeof value !== "object") return rows.push([path, String(value)]);
	for (const [key, part] of Object.entries(value)) {
		const step = Array.isArray(value) ? `[${Number(key) + 1}]` : path ? `.${key}` : key;
		flatten(path + step, part, rows);
	}
}

function link_files(frm) {
	const files = frm.doc.files || [];
	if (files.length) {
		client_ledger.add_button(frm, __("Download Files"), () =>
			files.forEach((file) => get_file(frm, file))
		);
	}
}

function get_file(frm, { sha256, file_name }) {
	const query = new URLSearchParams({ name: frm.doc.name, digest: sha256 });
	return archive.download(
		`/api/method/client_ledger.archive.api.archive_file?${query}`,
		file_name,
		file_name
	);
}

function add_buttons(frm) {
	if (archive.may_check()) {
		client_ledger.add_button(frm, __("Verify Archive"), () => archive.verify(frm.doc.company));
		client_ledger.add_button(frm, __("Export Archive"), () =>
			archive.export_dialog(frm.doc.company)
		);
	}
	if (!archive.may_keep() || frm.doc.purged_on || !frm.doc.sequence) return;
	const held = frm.doc.legal_hold;
	client_ledger.add_button(frm, held ? __("Lift Legal Hold") : __("Legal Hold"), () =>
		archive.change_hold([frm.doc.name], !held, () => frm.reload_doc())
	);
}
