// The home page: what is owed, what to do now, and what to expect, from one answer of the server.

import { ask } from "../shared/ask";
import { day } from "../shared/format";
import { html, joined } from "../shared/html";
import { button, empty, failure } from "../shared/pieces";
import { remember, remembered } from "../shared/remember";
import { backup_html, open_backups } from "./backup";
import { charts_html, draw_charts } from "./charts";
import { figures_html } from "./figures";
import { act_on, lists_html } from "./lists";

// What is older than this is asked for again when somebody comes back to the page.
const FRESH_FOR = 20_000;
// The company that was chosen last, as the browser remembers it.
const COMPANY = "home:company";

export default class Home {
	constructor(element) {
		this.charts = [];
		this.company = remembered(COMPANY);
		this.$root = $(String(html`<div class="cl-ledger cl-home"></div>`)).insertAfter(element);
		// Of a block that is drawn again only the last page stays.
		this.$root.siblings(".cl-home").remove();
		this.$root.html(String(skeleton()));
		this.$root.on("click", "[data-action]", (event) => {
			// A link is also one for a window of its own.
			if (event.ctrlKey || event.metaKey || event.shiftKey) return;
			event.preventDefault();
			event.stopPropagation();
			this.act(event.currentTarget);
		});
		this.$root.on("change", "[data-control=company]", ({ target }) => {
			this.company = target.value;
			remember(COMPANY, target.value);
			this.load();
		});
		this.on_page_change = () => this.come_back();
		$(document).on("page-change", this.on_page_change);
		this.load();
	}

	/** Somebody is on a page: on this one again, or on another one. */
	come_back() {
		if (!this.$root[0].isConnected) return this.leave();
		const is_old = !this.asked_at || Date.now() - this.asked_at > FRESH_FOR;
		if (this.$root.is(":visible") && is_old) this.load();
	}

	leave() {
		$(document).off("page-change", this.on_page_change);
		this.forget_charts();
	}

	forget_charts() {
		this.charts.forEach((chart) => chart.destroy());
		this.charts = [];
	}

	async load() {
		const turn = (this.turn = (this.turn || 0) + 1);
		this.asked_at = Date.now();
		this.$root.attr("aria-busy", "true");
		try {
			const args = this.company ? { company: this.company } : {};
			const data = await ask("client_ledger.home.api.get_home", args, "GET");
			if (turn !== this.turn) return;
			this.data = data;
			this.draw();
		} catch {
			if (turn !== this.turn) return;
			this.forget_charts();
			this.$root.html(String(failure(__("The home page could not be loaded"))));
		} finally {
			if (turn === this.turn) this.$root.attr("aria-busy", "false");
		}
	}

	draw() {
		const { data } = this;
		const focused = this.$root.find(":focus").attr("data-control");
		this.forget_charts();
		if (!data.companies.length) {
			this.$root.html(String(html`${nothing_to_see()}${backup_html(data)}`));
			return;
		}
		this.company = data.company;
		this.$root.html(
			String(
				html`${head_html(data)}${figures_html(data)}${lists_html(data)}${backup_html(
					data
				)}${charts_html(data)}`
			)
		);
		if (focused) this.$root.find(`[data-control="${focused}"]`).trigger("focus");
		this.charts = draw_charts(this.$root, data);
		// Charts are drawn where they are seen: whoever comes back gets them.
		if (!this.$root.is(":visible")) this.asked_at = 0;
	}

	act({ dataset }) {
		if (dataset.action === "refresh") return this.load();
		if (dataset.action === "backups") return open_backups();
		if (dataset.action === "forecast") return open_forecast(this.data);
		if (dataset.action === "currency") return this.choose_currency(dataset.currency);
		return act_on(dataset, this.data, () => this.load());
	}

	choose_currency(currency) {
		this.data.shown_currency = currency;
		this.draw();
		this.$root.find(`[data-action=currency][data-currency="${currency}"]`).trigger("focus");
	}
}

function open_forecast({ company }) {
	frappe.route_options = company ? { company } : {};
	frappe.set_route("cash-by-week");
}

function head_html({ companies, company, compared_with, updated }) {
	const since = compared_with && __("Changes since {0}", [day(compared_with)]);
	const time = __("Updated at {0}", [
		frappe.datetime.str_to_user(updated).match(/\d+:\d+/)?.[0],
	]);
	const options = [["", __("All Companies")], ...companies.map((name) => [name, name])].map(
		([value, label]) =>
			html`<option value="${value}" ${value === company ? "selected" : ""}>${label}</option>`
	);
	const choice =
		companies.length > 1
			? html`<span class="cl-choice-of-company"><select class="form-control cl-company"
				data-control="company" aria-label="${__("Company")}">${options}</select></span>`
			: html`<span class="cl-company-name">${companies[0]}</span>`;
	return html`<div class="cl-home-head">${choice}
		<span class="cl-muted cl-updated">${joined([since, time].filter(Boolean), " · ")}</span>
		${button("refresh", __("Refresh"))}</div>`;
}

function nothing_to_see() {
	return empty(
		__("There are no receivables that you may view."),
		html`<p class="cl-muted">${__(
			"Ask an administrator for a role that can read customers and client accounts, such as Accounts User."
		)}</p>`
	);
}

function skeleton() {
	const cards = [1, 2, 3, 4, 5].map(
		() => html`<div class="cl-card cl-figure"><span class="cl-skeleton cl-skeleton-text"></span>
			<span class="cl-skeleton cl-skeleton-value"></span></div>`
	);
	return html`<div class="cl-figures" aria-hidden="true">${cards}</div>`;
}
