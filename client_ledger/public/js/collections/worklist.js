// The worklist: today's customers in order, why each is on it, and everything one needs to call; by mouse, keys or touch.

import { ask, attempt } from "../shared/ask";
import { download } from "../shared/download";
import { html } from "../shared/html";
import { failure } from "../shared/pieces";
import { take_company } from "../shared/route_company";
import { run } from "./customer_collections";
import { log_no_answer } from "./dialogs";
import * as view from "./worklist_html";

const PAGE = 50;
// A second answer says that more was typed than asked for.
const TYPING = 300;

export default class Worklist {
	constructor(page) {
		this.page = page;
		this.start = 0;
		this.sort = "priority";
		this.backwards = false;
		this.$root = $(String(html`<div class="cl-ledger cl-page cl-worklist"></div>`)).appendTo(
			page.main
		);
		this.$root.html(String(view.head_html()));
		this.$said = this.$root.find(".cl-said");
		this.$body = this.$root.find(".cl-worklist-body");
		this.add_fields();
		this.listen();
	}

	add_fields() {
		const { page } = this;
		this.company = page.add_field({
			fieldname: "company",
			fieldtype: "Link",
			options: "Company",
			label: __("Company"),
			change: () => this.reload(),
		});
		this.collector = page.add_field({
			fieldname: "collector",
			fieldtype: "Select",
			label: __("Collector"),
			options: [{ value: "", label: __("Assigned to Me") }],
			change: () => this.reload(),
		});
		page.set_secondary_action(__("Refresh"), () => this.reload());
		page.add_menu_item(__("Keyboard Shortcuts"), () => this.help());
		if (frappe.model.can_write("Collection Rule")) {
			page.add_menu_item(__("Rules"), () => frappe.set_route("List", "Collection Rule"));
		}
	}

	listen() {
		this.$root.on("click", "[data-row]", ({ target, currentTarget }) => {
			if (!$(target).closest("[data-action], a, input").length) {
				this.open(Number(currentTarget.dataset.row));
			}
		});
		this.$root.on("click", "[data-action]", (event) => this.act(event.currentTarget.dataset));
		this.$root.on("change", "[data-choose]", ({ target }) => this.choose(target));
		this.$root.on(
			"input",
			"[data-control=search]",
			frappe.utils.debounce(() => this.reload(), TYPING)
		);
		this.$root.on("change", "[data-control=sort]", ({ target }) => {
			this.sort = target.value;
			this.reload();
		});
		$(document).on("keydown.cl_worklist", (event) => this.key(event));
	}

	/** Somebody opens the page, perhaps for one company. */
	async show() {
		if (await take_company(this)) this.start = 0;
		return this.load();
	}

	reload() {
		if (this.filling) return;
		this.start = 0;
		return this.load();
	}

	/** What the list is asked for; the file of it too. */
	asked() {
		const args = {
			company: this.company.get_value(),
			collector: this.collector.get_value(),
			search: this.$root.find("[data-control=search]").val().trim(),
			sort: this.sort,
			backwards: this.backwards ? 1 : 0,
		};
		return Object.fromEntries(Object.entries(args).filter(([, value]) => value));
	}

	/** at: the row to go on with. */
	async load(at = 0) {
		const turn = (this.turn = (this.turn || 0) + 1);
		this.$root.attr("aria-busy", "true");
		try {
			const args = { ...this.asked(), start: this.start };
			const data = await ask("client_ledger.collections.api.my_worklist", args, "GET");
			if (turn !== this.turn) return;
			this.data = data;
			this.draw(at);
		} catch {
			if (turn !== this.turn) return;
			const text = __("The worklist could not be loaded");
			this.$body.html(String(failure(text, "", "again")));
		} finally {
			if (turn === this.turn) this.$root.attr("aria-busy", "false");
		}
	}

	fill_collectors() {
		this.filling = true;
		const { collectors } = this.data;
		this.collector.df.options = [
			{ value: "", label: __("Assigned to Me") },
			{ value: "everyone", label: __("All Collectors") },
			...collectors.map(({ user, name, count }) => ({
				value: user,
				label: `${name} (${count})`,
			})),
		];
		const chosen = this.collector.get_value();
		this.collector.refresh();
		this.collector.$input && this.collector.$input.val(chosen);
		this.filling = false;
	}

	// --- drawing ---

	draw(at) {
		const { may_read, rows } = this.data;
		this.$root.find(".cl-worklist-head").attr("hidden", may_read ? null : "");
		if (!may_read) return this.$body.html(String(view.closed_html()));
		this.fill_collectors();
		if (!rows.length) {
			return this.$body.html(String(view.nothing_html(this.data, this.asked().search)));
		}
		this.$body.html(String(view.list_html(this.data)));
		this.$body.find(".cl-chosen").attr("hidden", this.data.may.work ? null : "");
		this.count_chosen();
		this.select(at);
	}

	/** Show a row that was clicked; one that is shown stays as it is, with the note that is being written. */
	open(i) {
		const { customer, company } = this.data.rows[i];
		const { detail } = this;
		const is_shown = detail?.customer === customer && detail.company === company;
		if (i !== this.at || !is_shown) this.select(i);
	}

	async select(i) {
		const { rows } = this.data;
		if (!rows || !rows.length) return;
		this.at = Math.min(Math.max(i, 0), rows.length - 1);
		const row = rows[this.at];
		const $row = this.$root
			.find("[data-row]")
			.removeAttr("aria-current")
			.filter(`[data-row=${this.at}]`)
			.attr("aria-current", "true");
		if ($row[0]) $row[0].scrollIntoView({ block: "nearest" });
		const turn = (this.detail_turn = (this.detail_turn || 0) + 1);
		const $detail = this.$root.find(".cl-pane-detail");
		// On a phone the details open beneath their row.
		if (window.matchMedia("(max-width: 767px)").matches) {
			const $places = this.$root.find(".cl-detail-place");
			const place = document.createElement("li");
			place.className = "cl-detail-place";
			$(place).append($detail).insertAfter($row);
			$places.remove();
		}
		const { customer, company } = row;
		const args = { customer, company };
		$detail.attr("aria-busy", "true");
		const detail = await ask(
			"client_ledger.collections.api.customer_on_worklist",
			args,
			"GET"
		).finally(() => turn === this.detail_turn && $detail.attr("aria-busy", "false"));
		if (turn !== this.detail_turn) return;
		this.detail = detail;
		keep_focus($detail[0], () =>
			$detail.html(String(view.detail_html(row, detail, this.data.scripts)))
		);
	}

	// --- several at once ---

	choose({ dataset, checked }) {
		if (dataset.choose === "all") this.$body.find("[data-choose]").prop("checked", checked);
		this.count_chosen();
	}

	chosen() {
		const boxes = this.$body.find(".cl-row [data-choose]:checked").toArray();
		return boxes.map((box) => this.data.rows[Number(box.dataset.choose)]);
	}

	count_chosen() {
		const number = this.chosen().length;
		this.$body.find("[data-count=chosen]").text(number ? __("{0} selected", [number]) : "");
		this.$body.find("[data-action=mass-no-answer]").prop("disabled", !number);
	}

	nobody_answered() {
		const rows = this.chosen();
		if (!rows.length) return;
		log_no_answer(rows, async (results) => {
			const logged = results.filter(({ done }) => done);
			await this.after();
			const text = __("No answer logged for {0} of {1} customers", [
				logged.length,
				results.length,
			]);
			this.say(
				text,
				logged.map(({ name }) => name)
			);
			const name_of = ({ customer, company }) =>
				rows.find((row) => row.customer === customer && row.company === company)
					?.customer_name || customer;
			tell_refused(results.map((result) => ({ ...result, label: name_of(result) })));
		});
	}

	// --- what was done last ---

	/** names: of the follow-ups that can be taken back. */
	say(text, names = []) {
		this.undoable = names;
		this.$said.html(String(view.said_html(text, names.length)));
	}

	async undo() {
		const names = this.undoable || [];
		if (!names.length) return;
		this.undoable = [];
		let results;
		if (
			!(await attempt(
				async () =>
					(results = await ask("client_ledger.collections.api.undo_contacts", { names }))
			))
		) {
			this.undoable = names;
			return;
		}
		const undone = results.filter(({ done }) => done).length;
		await this.load();
		this.say(__("{0} of {1} undone", [undone, results.length]));
		tell_refused(results.map((result) => ({ ...result, label: result.name })));
	}

	async save_note() {
		const $note = this.$root.find("[data-control=note]");
		const note = $note.val().trim();
		if (!note) return $note.trigger("focus");
		const { customer, company } = this.detail;
		let notes;
		const work = async () =>
			(notes = await ask("client_ledger.collections.api.add_note", {
				customer,
				company,
				note,
			}));
		if (!(await attempt(work)) || this.detail.customer !== customer) return;
		$note.val("");
		this.$root.find(".cl-notes").html(String(html`${view.notes_html(notes)}`));
	}

	// --- hearing ---

	act(data) {
		const actions = {
			again: () => this.load(),
			next: () => this.select(this.at + 1),
			select: () => this.open(Number(data.at)),
			more: () => this.turn_page(1),
			before: () => this.turn_page(-1),
			ledger: () => open_ledger(this.detail),
			backwards: () => {
				this.backwards = !this.backwards;
				this.$root
					.find("[data-action=backwards]")
					.attr("aria-pressed", String(this.backwards));
				this.reload();
			},
			csv: () => download(this.csv_url(), "worklist.csv", __("Export CSV")),
			"mass-no-answer": () => this.nobody_answered(),
			undo: () => this.undo(),
			note: () => this.save_note(),
		};
		if (actions[data.action]) return actions[data.action]();
		const { customer_name } = this.detail;
		const notes = this.$root.find("[data-control=note]").val();
		run(
			data,
			this.detail,
			async (follow_up, outcome) => {
				await this.after();
				if (follow_up && outcome) {
					this.say(__("{0}: {1}", [customer_name, __(outcome, null, "Follow Up")]), [
						follow_up,
					]);
				}
			},
			{ notes }
		);
	}

	csv_url() {
		return `/api/method/client_ledger.collections.api.worklist_csv?${new URLSearchParams(
			this.asked()
		)}`;
	}

	turn_page(by) {
		this.start = Math.max(this.start + by * PAGE, 0);
		return this.load();
	}

	/** Something was done: the list is another one now; go on with who takes this place. */
	async after() {
		this.$said.empty();
		this.undoable = [];
		await this.load(this.at);
	}

	key(event) {
		if (frappe.get_route()[0] !== "collection-worklist" || !this.data?.rows) return;
		const typing = $(event.target).is("input, textarea, select, [contenteditable=true]");
		const is_box = $(event.target).is("[type=checkbox]");
		if ((typing && !is_box) || event.ctrlKey || event.metaKey || event.altKey) return;
		if ($(".modal.show").length) return;
		const row = this.data.rows[this.at] || {};
		const follow_up = { followUp: row.follow_up || "" };
		const keys = {
			j: () => this.select(this.at + 1),
			ArrowDown: () => this.select(this.at + 1),
			k: () => this.select(this.at - 1),
			ArrowUp: () => this.select(this.at - 1),
			n: () => this.select(this.at + 1),
			x: () => this.$body.find(`.cl-row [data-choose=${this.at}]`).trigger("click"),
			o: () => this.act({ action: "log", ...follow_up }),
			p: () => this.act({ action: "promise", ...follow_up }),
			d: () => this.act({ action: "dispute", ...follow_up }),
			s: () => this.act({ action: "statement" }),
			l: () => open_ledger(this.detail),
			u: () => this.undo(),
			"/": () => this.$root.find("[data-control=search]").trigger("focus"),
			"?": () => this.help(),
		};
		Object.entries(view.OUTCOME_KEYS).forEach(([outcome, key]) => {
			keys[key] = () => this.act({ action: "log", outcome, ...follow_up });
		});
		if (!keys[event.key]) return;
		// Without a customer there is only what was done last, and the search.
		if (!this.data.rows.length && !["u", "/", "?"].includes(event.key)) return;
		event.preventDefault();
		event.stopPropagation();
		keys[event.key]();
	}

	help() {
		const keys = [
			["j, ↓", __("Next customer")],
			["k, ↑", __("Previous customer")],
			["/", __("Search Customers")],
			["x", __("Select")],
			["o", __("Log Contact")],
			...Object.entries(view.OUTCOME_KEYS).map(([outcome, key]) => [
				key,
				__(outcome, null, "Follow Up"),
			]),
			["u", __("Undo")],
			["p", __("Record Promise to Pay")],
			["d", __("Record Dispute")],
			["s", __("Send Statement")],
			["l", __("Ledger", null, "Client Ledger")],
		];
		const rows = keys.map(
			([key, what]) => html`<tr><td><kbd>${key}</kbd></td><td>${what}</td></tr>`
		);
		frappe.msgprint({
			title: __("Keyboard Shortcuts"),
			message: String(html`<table class="table table-sm">${rows}</table>`),
		});
	}
}

function tell_refused(rows) {
	if (rows.every(({ done }) => done)) return;
	frappe.msgprint({
		title: __("Not Done"),
		message: String(view.refused_html(rows)),
		indicator: "orange",
	});
}

/** Draw anew; the button that had the focus has it again. */
function keep_focus(place, draw) {
	const { action, outcome } = place.contains(document.activeElement)
		? document.activeElement.dataset
		: {};
	draw();
	if (!action) return;
	const same = `[data-action="${action}"]${outcome ? `[data-outcome="${outcome}"]` : ""}`;
	place.querySelector(same)?.focus();
}

function open_ledger(detail) {
	if (!detail) return;
	frappe.route_options = { cl_tab: "cl_ledger_tab" };
	window.open(
		`${frappe.utils.get_form_link("Customer", detail.customer)}#cl_ledger_tab`,
		"_blank"
	);
}
