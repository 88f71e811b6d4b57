// The page of KPIs: a company (or a part of it), a month end and a window; everything from one answer, rows when they are asked for.

import { ask, attempt } from "../shared/ask";
import { download } from "../shared/download";
import { html } from "../shared/html";
import { empty, failure } from "../shared/pieces";
import { remember, remembered } from "../shared/remember";
import { changes_html } from "./changes";
import { cards_html, table_html } from "./figures";
import { parts_html } from "./parts";
import { rows_html } from "./rows";
import { toolbar_html } from "./toolbar";
import { review_month_end } from "./review";

const COMPANY = "kpis:company";
// Of no value: what a customer without a group, territory or grade belongs to is a part, too.
const ALL = "\u0000all";

export default class Kpis {
	constructor(page) {
		this.page = page;
		this.asked = {
			company: remembered(COMPANY),
			as_of: "",
			months: 3,
			dimension: "",
			value: ALL,
		};
		this.rows = {};
		this.$root = $(String(html`<div class="cl-ledger cl-page cl-kpis"></div>`)).appendTo(
			page.main
		);
		page.set_secondary_action(__("Refresh"), () => this.load());
		this.listen();
	}

	listen() {
		this.$root.on("change", "[data-control]", ({ target }) => this.choose(target));
		this.$root.on("click", "[data-action]", (event) => {
			event.preventDefault();
			this.act(event.currentTarget.dataset);
		});
	}

	/** Somebody opens the page, perhaps for one company. */
	show() {
		const options = frappe.route_options;
		if (options?.company) {
			// Another company may have other months and parts.
			Object.assign(this.asked, { company: options.company, as_of: "", value: ALL });
			delete options.company;
		}
		return this.load();
	}

	/** What the server is asked for. */
	args() {
		const { company, as_of, months, dimension, value } = this.asked;
		const args = { months };
		if (company) args.company = company;
		if (as_of) args.as_of = as_of;
		if (dimension) {
			args.dimension = dimension;
			if (value !== ALL) args.dimension_value = value;
		}
		return args;
	}

	async load() {
		const turn = (this.turn = (this.turn || 0) + 1);
		this.$root.attr("aria-busy", "true");
		try {
			const data = await ask("client_ledger.kpis.api.get_kpis", this.args(), "GET");
			if (turn !== this.turn) return;
			this.data = data;
			this.asked.company = data.company;
			this.rows = {};
			this.draw();
		} catch {
			if (turn !== this.turn) return;
			// Once more with what is certainly there: a company may be closed by now.
			this.asked = { ...this.asked, company: "", as_of: "", dimension: "", value: ALL };
			this.data = null;
			this.$root.html(String(failure(__("The KPIs could not be loaded"))));
		} finally {
			if (turn === this.turn) this.$root.attr("aria-busy", "false");
		}
	}

	draw() {
		const { data } = this;
		const focused = this.$root.find(":focus").attr("data-control");
		const head = toolbar_html(data, this.asked, ALL);
		if (!data.kpis.length) {
			this.$root.html(String(html`${head}${this.nothing_html()}`));
			return;
		}
		this.$root.html(
			String(
				html`${head}${changes_html(data)}${cards_html(data)}${parts_html(
					data,
					this.asked,
					ALL
				)}${table_html(data, this.open)}`
			)
		);
		if (this.open) this.draw_rows(this.open);
		if (focused) this.$root.find(`[data-control="${focused}"]`).trigger("focus");
	}

	nothing_html() {
		const { missing, customers, days } = this.data;
		if (customers === 0) return empty(__("There is no customer whose figures you may see."));
		if (days.length) return empty(__("Your customers have no figures in this month."));
		return empty(
			missing
				? __(
						"No month end is stored yet. The nightly job stores them, the newest first; {0} are waiting.",
						[missing]
				  )
				: __("There are no customer entries in a month that is over.")
		);
	}

	choose({ dataset, value }) {
		const { control } = dataset;
		const asked = { ...this.asked, [control]: control === "months" ? Number(value) : value };
		if (control === "company") {
			remember(COMPANY, value);
			Object.assign(asked, { as_of: "", value: ALL });
		}
		if (control === "dimension") asked.value = ALL;
		this.asked = asked;
		return this.load();
	}

	act({ action, key, value, name, start }) {
		const actions = {
			refresh: () => this.load(),
			open: () => this.toggle(key),
			rows: () => this.load_rows(key, Number(start || 0)),
			part: () => {
				this.asked.value = value;
				return this.load();
			},
			workbook: () => this.workbook(),
			store: () => this.store(),
			review: () => this.review(name),
		};
		return actions[action]?.();
	}

	toggle(key) {
		this.open = this.open === key ? "" : key;
		this.draw();
		this.$root.find(`[data-action=open][data-key="${key}"]`).trigger("focus");
	}

	async load_rows(key, start) {
		const turn = this.turn;
		const args = { ...this.args(), company: this.data.company, as_of: this.data.as_of };
		const found = await ask(
			"client_ledger.kpis.api.get_rows",
			{ ...args, kpi: key, start },
			"GET",
			{
				freeze: true,
			}
		);
		if (turn !== this.turn) return;
		this.rows[key] = found;
		this.draw_rows(key);
	}

	draw_rows(key) {
		const content = this.rows[key] ? rows_html(this.rows[key], key, this.data) : "";
		this.$root.find(`[data-rows="${key}"]`).html(String(content));
	}

	workbook() {
		const args = { ...this.args(), company: this.data.company, as_of: this.data.as_of };
		const query = new URLSearchParams(args).toString();
		return download(
			`/api/method/client_ledger.kpis.api.workbook?${query}`,
			`KPIs ${this.data.company} ${this.data.as_of}.xlsx`,
			__("KPIs")
		);
	}

	async store() {
		const { company } = this.data;
		const done = await attempt(() => ask("client_ledger.kpis.api.store_now", { company }));
		if (done) {
			frappe.show_alert(
				__("Month ends are being stored in the background. Refresh in a while.")
			);
		}
	}

	review(name) {
		review_month_end(name, () => this.load());
	}
}
