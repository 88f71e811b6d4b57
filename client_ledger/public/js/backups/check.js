// A look at the site's backups, asked for by hand.

import { ask } from "../shared/ask";

export async function check_backups() {
	await ask("client_ledger.backups.api.check_now", {});
	frappe.show_alert(__("Started in the background. Refresh this page in a moment."));
}
