// What forms and lists of early warnings use: client_ledger.warnings.

export { act_on, close, close_many, give, reopen, snooze } from "./actions";
export { records_html, replay_html, state_text } from "./record";
export { reason_of } from "../shared/reasons";
export { reason_html, record_text } from "./reasons";
