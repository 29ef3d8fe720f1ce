import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { HubTickets } from "./hub-tickets.ts";

export interface CreateHubTicketDeps {
  readonly hubTickets: HubTickets;
}

export function createHubTicketOperation({ hubTickets }: CreateHubTicketDeps): Operation {
  return defineOperation(operations.createHubTicket, {
    handle: async ({ hub }, actor) => ok(await hubTickets.issue(actor, hub)),
    rest: (ticket) => ({ body: { ticket, expiresIn: hubTickets.lifetimeSeconds } }),
  });
}
