import type { Confirmation } from "../confirmation.ts";
import type { SecondFactor } from "./second-factor.ts";

/** Of what changes how the caller logs in. */
export interface ConfirmedSecondFactorDeps {
  readonly confirmation: Confirmation;
  readonly secondFactor: SecondFactor;
}
