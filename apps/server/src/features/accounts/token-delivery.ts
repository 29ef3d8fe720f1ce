import type { Tokens } from "@hubbub/contract";
import type { Origin, RestAnswer } from "../../operations/operation.ts";
import type { Grant } from "./sessions.ts";

export type TokenDelivery = "cookie" | "body";

/**
 * Scripts of pages must not hold refresh tokens: they go into a cookie that scripts cannot read, and into the body
 * only for programs, which send no `Origin`, and for the sites that the operator allows.
 */
export function mayHaveTokenInBody(origin: Origin): boolean {
  return origin.site === "none" || origin.site === "allowed";
}

export function deliver(grant: Grant, delivery: TokenDelivery): RestAnswer<Tokens> {
  return delivery === "body"
    ? { body: { ...grant.tokens, refreshToken: grant.refreshToken } }
    : { body: grant.tokens, refreshCookie: grant.refreshToken };
}
