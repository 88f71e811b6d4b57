// What the ledger is asked for: company, currency, date, open items or all; and what can be done with it.

import { html, raw } from "../shared/html";
import { button, toolbar } from "../shared/pieces";

export function toolbar_html() {
	return toolbar(
		html`<div data-control="company"></div>
			<div data-control="currency"></div>
			<div class="cl-as-of"><span class="cl-muted" aria-hidden="true">${__("As Of")}</span>
				<div data-control="as_of"></div></div>`,
		[
			button("refresh", __("Refresh")),
			button("email", __("Email")),
			button("statement", __("Send Statement")),
			button("portal", __("Portal Link")),
			output_menu(),
		]
	);
}

function output_menu() {
	return html`<div class="dropdown">
		<button type="button" class="btn btn-default btn-sm" data-toggle="dropdown"
			aria-haspopup="true" aria-expanded="false">
			${__("Print or Export")} ${raw(frappe.utils.icon("select", "xs"))}
		</button>
		<div class="dropdown-menu dropdown-menu-right" role="menu">
			${menu_item("print", __("Print"))}
			${menu_item("pdf", __("PDF"))}
			${menu_item("xlsx", __("Excel"))}
			<div class="dropdown-divider" role="separator"></div>
			${menu_item("period", __("Select Period…"))}
		</div>
	</div>`;
}

function menu_item(action, label) {
	return html`<button type="button" class="dropdown-item" role="menuitem" data-action="${action}">${label}</button>`;
}

/** Make Frappe's own controls in the toolbar; `on_change(field, value)` hears of every change by the user. */
export function make_controls($toolbar, on_change) {
	const make = (fieldname, df) => {
		const $parent = $toolbar.find(`[data-control="${fieldname}"]`);
		const control = frappe.ui.form.make_control({
			parent: $parent,
			df: { fieldname, ...df, change: () => on_change(fieldname, control.get_value()) },
			only_input: true,
			render_input: true,
		});
		control.$input.attr("aria-label", df.label).addClass("input-sm");
		control.toggle = (shown) => $parent.toggle(shown);
		return control;
	};
	return {
		company: make("company", { fieldtype: "Select", label: __("Company"), options: [] }),
		currency: make("currency", { fieldtype: "Select", label: __("Currency"), options: [] }),
		as_of: make("as_of", { fieldtype: "Date", label: __("As Of") }),
	};
}

/** Show in the controls what the server answered for, without anybody having changed anything. */
export function fill_controls(controls, data) {
	fill_select(
		controls.company,
		data.companies.map((name) => ({ value: name, label: name })),
		data.company
	);
	fill_select(
		controls.currency,
		[{ value: "", label: __("All Currencies") }].concat(
			data.currencies.map((name) => ({ value: name, label: name }))
		),
		data.currency || ""
	);
	controls.company.toggle(data.companies.length > 1);
	controls.currency.toggle(data.currencies.length > 1);
	if (controls.as_of.get_value() !== data.as_of) set_quietly(controls.as_of, data.as_of);
}

function fill_select(control, options, value) {
	control.df.options = options;
	control.set_options(value);
	control.$input.val(value);
	control.value = control.last_value = value;
}

function set_quietly(control, value) {
	control.value = control.last_value = value;
	control.set_formatted_input(value);
}
