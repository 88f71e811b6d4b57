// How the site's backups are, for whoever may see their checks: a line while all is well, what is to be done where it is not.

import { colour_of } from "../shared/colours";
import { pill } from "../shared/format";
import { html, raw } from "../shared/html";
import { button } from "../shared/pieces";

export function backup_html({ backup }) {
	if (!backup) return "";
	const { verdict, unchecked, findings } = backup;
	return html`<section class="cl-card cl-home-backup" aria-labelledby="cl-home-backup">
		<div class="cl-home-list-head">
			<h4 id="cl-home-backup">${__("Backups")} ${verdict_pill(verdict)}</h4>
			<span class="cl-muted">${times_text(backup)}</span>
		</div>
		${unchecked ? html`<p class="cl-worse">${unchecked_text(verdict)}</p>` : ""}
		${findings.length ? html`<ul>${findings.map((text) => html`<li>${raw(text)}</li>`)}</ul>` : ""}
		<div class="cl-home-list-foot">${button("backups", __("Show All"), {
			kind: "btn-default cl-quiet",
			named: `${__("Show All")}: ${__("Backups")}`,
		})}</div>
	</section>`;
}

function verdict_pill(verdict) {
	if (!verdict) return pill(__("Not Checked"), "gray");
	return pill(__(verdict, null, "Backup Check"), colour_of("Backup Check", verdict));
}

function times_text({ name, taken_on, drilled_on }) {
	const time = (moment) => frappe.datetime.str_to_user(moment.slice(0, 16));
	const said = [
		taken_on && __("Newest backup: {0}", [time(taken_on)]),
		name &&
			(drilled_on
				? __("Last restore drill: {0}", [time(drilled_on)])
				: __("No restore drill yet")),
	].filter(Boolean);
	return html`${said.join(" · ")}`;
}

function unchecked_text(verdict) {
	return verdict
		? __("The backups have not been checked for two days. Check the background jobs.")
		: __("The backups have not been checked yet.");
}

export function open_backups() {
	frappe.set_route("List", "Backup Check");
}
