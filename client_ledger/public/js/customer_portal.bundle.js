// Entry of the customer portal's page /customer-ledger. It stands alone: no desk, no jQuery, no Frappe in the browser.

import App from "./portal/app";
import { switch_languages } from "./portal/languages";

switch_languages();
const state = document.getElementById("cp-state");
if (state) new App(document.getElementById("cp-app"), JSON.parse(state.textContent)).start();
