// The page: its sections, what is chosen, and the messages. Each section draws itself from what the server says.

import { html } from "../shared/html";
import Server from "./server";
import Actions from "./actions";
import Movements from "./movements";
import Overview from "./overview";
import Papers from "./papers";
import Requests from "./requests";

const SECTIONS = { overview: Overview, movements: Movements, papers: Papers, requests: Requests };

export default class App {
	constructor(root, state) {
		Object.assign(this, { root, state, texts: state.texts, server: new Server(state) });
		this.chosen = new Set();
	}

	start() {
		this.root.innerHTML = html`
			<nav class="cp-tabs" aria-label="${this.texts.sections}">
				${Object.keys(SECTIONS).map(
					(name) =>
						html`<a href="#${name}" data-section="${name}">${this.texts[name]}</a>`
				)}
			</nav>
			<div class="cp-message" role="status" aria-live="polite"></div>
			<div class="cp-section"></div>`;
		this.message = this.root.querySelector(".cp-message");
		this.place = this.root.querySelector(".cp-section");
		this.actions = new Actions(this);
		window.addEventListener("hashchange", () => this.show());
		this.root.addEventListener("click", (event) => this.click(event));
		document.getElementById("cp-account")?.addEventListener("change", choose_account);
		this.show();
	}

	/** Show the section that the address names. again: what it shows may have changed. */
	async show(again) {
		const wanted = location.hash.slice(1);
		// The link to the content has an address of its own and changes nothing.
		if (wanted && !SECTIONS[wanted] && this.section) return;
		const name = SECTIONS[wanted] ? wanted : "overview";
		this.section = new SECTIONS[name](this);
		this.root.querySelectorAll("[data-section]").forEach((link) => {
			if (link.dataset.section === name) link.setAttribute("aria-current", "page");
			else link.removeAttribute("aria-current");
		});
		if (!again) this.say("");
		this.root.setAttribute("aria-busy", "true");
		this.place.innerHTML = html`<p class="cp-quiet">${this.texts.loading}</p>`;
		const section = this.section;
		try {
			await section.load();
			if (section === this.section) this.draw();
		} catch (error) {
			if (section === this.section) this.fail(error);
		} finally {
			if (section === this.section) this.root.setAttribute("aria-busy", "false");
		}
	}

	draw() {
		this.place.innerHTML = this.section.html();
		this.section.drawn?.(this.place);
	}

	fail(error) {
		this.place.innerHTML = html`<section class="cp-card" role="alert"><p>${error.message}</p>
			<button type="button" class="cp-button" data-do="again">${this.texts.again}</button></section>`;
	}

	say(text, kind = "") {
		this.message.textContent = text;
		this.message.className = `cp-message ${text ? "cp-shown" : ""} ${kind}`;
		if (text) this.message.scrollIntoView({ block: "nearest" });
	}

	async click(event) {
		const button = event.target.closest("[data-do]");
		if (!button) return;
		const { do: what, ...args } = button.dataset;
		if (what === "again") return this.show(true);
		if (what === "file") return this.take_file(button, args);
		await this.section[what]?.(args, button);
	}

	async take_file(button, { method, ...args }) {
		button.disabled = true;
		this.say(this.texts.being_made);
		try {
			await this.server.file(method, args);
			this.say("");
		} catch (error) {
			this.say(error.message, "cp-bad");
		} finally {
			button.disabled = false;
		}
	}

	/** Return the buttons of a document's files. */
	files(method, name, title, more = {}) {
		return ["pdf", "xlsx"].map((format) => {
			const label = this.fill("file_of", this.texts[format], title);
			const data = { method, file_format: format, ...(name ? { name } : {}), ...more };
			return html`<button type="button" class="cp-file" data-do="file" aria-label="${label}"
				${attributes(data)}>${this.texts[format]}</button>`;
		});
	}

	fill(key, ...values) {
		return this.texts[key].replace(/\{(\d)\}/g, (_all, place) => values[place] ?? "");
	}
}

function attributes(data) {
	return Object.entries(data).map(([name, value]) => html` data-${name}="${value}"`);
}

function choose_account({ target }) {
	const { customer, company } = target.selectedOptions[0].dataset;
	const address = new URL(location.href);
	address.searchParams.set("customer", customer);
	address.searchParams.set("company", company);
	location.href = address;
}
