// The credit grade and the dunning level behind each name in the Customer list. What other apps do there is left as it is.

(() => {
	const settings = (frappe.listview_settings["Customer"] =
		frappe.listview_settings["Customer"] || {});
	const others = settings.refresh;
	const loads = settings.onload;
	settings.onload = function (list) {
		if (loads) loads.call(this, list);
		client_ledger.offer_statements(list, (rows) =>
			rows.map(({ name }) => ({ customer: name, company: null }))
		);
	};
	settings.refresh = function (list) {
		if (others) others.call(this, list);
		show_credit_grades(list);
		show_dunning_levels(list);
	};

	const names_of = (list) =>
		Array.from(list.$result[0].querySelectorAll(".list-subject a[data-name]"));

	async function show_credit_grades(list) {
		const links = names_of(list);
		if (!links.length || !frappe.model.can_read("Client Account")) return;
		const customers = [...new Set(links.map((link) => link.dataset.name))];
		const grades = await client_ledger.ask("client_ledger.credit.api.customer_grades", {
			customers,
		});
		links.forEach((link) => {
			const found = grades[link.dataset.name];
			const there = link.parentElement.querySelector(".cl-list-grade");
			if (there) there.remove();
			if (found) link.insertAdjacentElement("afterend", grade_pill(found));
		});
	}

	async function show_dunning_levels(list) {
		const links = names_of(list);
		if (!links.length || !frappe.model.can_read("Client Account")) return;
		const customers = [...new Set(links.map((link) => link.dataset.name))];
		const levels = await client_ledger.ask("client_ledger.dunning.api.customer_levels", {
			customers,
		});
		links.forEach((link) => {
			link.parentElement.querySelector(".cl-list-level")?.remove();
			const level = levels[link.dataset.name];
			if (level) link.parentElement.append(level_pill(level));
		});
	}

	function level_pill(level) {
		const pill = document.createElement("span");
		pill.className = `indicator-pill no-indicator-dot ${
			level > 1 ? "red" : "orange"
		} cl-list-level`;
		pill.style.marginInlineStart = "8px";
		pill.textContent = __("Dunning level {0}", [level]);
		return pill;
	}

	function grade_pill({ label, color, is_expired }) {
		const pill = document.createElement("span");
		pill.className = `indicator-pill no-indicator-dot ${color} cl-list-grade`;
		pill.style.marginInlineStart = "8px";
		pill.textContent = label;
		pill.title = is_expired ? __("Credit Grade (Expired)") : __("Credit Grade");
		return pill;
	}
})();
