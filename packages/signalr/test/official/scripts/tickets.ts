import type { HubConnection } from "@microsoft/signalr";
import { resumes } from "../combination.ts";
import { refusalOf, sleep, type World } from "../world.ts";
import { script } from "./script.ts";

const path = "/tickets";

/** A name that no other script has: clients of many combinations come to one server. */
function newTicket({ combination: { host, transport, protocol, stateful } }: World): string {
  return `ada.${host}-${transport}-${protocol}-${stateful}-${Math.random()}`;
}

/** Uses a connection in every way that makes requests of its own. */
async function exhaust(client: HubConnection): Promise<number> {
  let received = 0;
  const count = () => received++;
  client.on("Message", count);
  for (let round = 0; round < 4; round++) {
    await client.invoke("Push", 20);
    // Longer than a keep-alive.
    await sleep(70);
  }
  client.off("Message", count);
  return received;
}

export const tickets = [
  script("[A4] a ticket used up at negotiate serves its connection to the end, and opens no other", {
    async run(world) {
      const token = newTicket(world);
      const client = await world.start({ path, token });
      const seen: unknown[] = [await exhaust(client)];
      const [ticket, judged] = await client.invoke("Ticket");
      seen.push(ticket === token, judged, await refusalOf(world.build({ path, token })), await exhaust(client));
      await client.stop();
      return [...seen, await refusalOf(world.build({ path, token }))];
    },
    expected: () => [80, true, 1, "401", 80, "401"],
  }),

  script("[A4] a used ticket resumes its connection", {
    applies: resumes,
    async run(world) {
      const token = newTicket(world);
      const client = await world.start({ path, token });
      const id = client.connectionId;
      await world.breakSockets();
      const [ticket, judged] = await client.invoke("Ticket");
      return [ticket === token, judged, client.connectionId === id];
    },
    expected: () => [true, 1, true],
  }),
];
