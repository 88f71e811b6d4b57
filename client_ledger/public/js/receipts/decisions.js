// What is done about receipts and announced payments, for the scripts of our DocTypes.

export { announce_payment, withdraw_advice } from "./advices";
export { reason_of } from "../shared/reasons";
export { apply_proposals, choose_invoices, decline_proposals, propose_again } from "./proposals";
