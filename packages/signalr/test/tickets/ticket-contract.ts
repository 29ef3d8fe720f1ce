import { expect, test } from "bun:test";
import {
  DefaultHttpClient,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  HttpTransportType,
  type HubConnection,
  HubConnectionBuilder,
  LogLevel,
  NullLogger,
} from "@microsoft/signalr";
import { openRaw } from "../raw-client.ts";

export const transports = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;
type TransportName = (typeof transports)[number];

let issued = 0;
export function newTicket(user: string): string {
  issued++;
  return `${user}.${issued}`;
}

/** Learns the secret that negotiate gives to a client. */
class ListeningHttpClient extends DefaultHttpClient {
  connectionToken = "";

  override async send(request: HttpRequest): Promise<HttpResponse> {
    const response = await super.send(request);
    if (request.url?.includes("/negotiate"))
      this.connectionToken = JSON.parse(String(response.content)).connectionToken;
    return response;
  }
}

/** @returns a client that has not been started */
export function build(
  address: string,
  transport: TransportName,
  tickets: () => string,
  options: { readonly skipNegotiation?: boolean; readonly httpClient?: HttpClient } = {},
) {
  return new HubConnectionBuilder()
    .withUrl(`${address}/tickets`, {
      transport: HttpTransportType[transport],
      accessTokenFactory: tickets,
      ...options,
    })
    .withStatefulReconnect()
    .configureLogging(LogLevel.None)
    .build();
}

/** @returns what a start fails with, or that it did not */
export async function failureOf(client: HubConnection): Promise<string> {
  try {
    await client.start();
  } catch (error) {
    return String(error);
  }
  await client.stop();
  return "It was let in.";
}

/** Uses a connection in every way that makes requests of its own. */
export async function exhaust(client: HubConnection): Promise<void> {
  const received: number[] = [];
  client.on("Message", (index: number) => received.push(index));
  for (let round = 0; round < 5; round++) {
    received.length = 0;
    await client.invoke("Push", 20);
    expect(received).toHaveLength(20);
    // Longer than a poll and than a keep-alive.
    await Bun.sleep(70);
  }
}

/** What single-use tickets promise over one transport. */
export function ticketContract(transport: TransportName, address: () => string): void {
  test(`[A4] ${transport}: a factory that gives a new ticket each time`, async () => {
    const client = build(address(), transport, () => newTicket("bob"));
    await client.start();
    await exhaust(client);
    const [ticket, judged] = await client.invoke("Ticket");
    expect([String(ticket).split(".")[0], judged]).toEqual(["bob", 1]);
    await client.stop();
  });

  test(`[A4] ${transport}: a live connection takes nothing that comes with a ticket of another`, async () => {
    const used = newTicket("ada");
    const http = new ListeningHttpClient(NullLogger.instance);
    const ada = build(address(), transport, () => used);
    const bob = build(address(), transport, () => newTicket("bob"), { httpClient: http });
    await Promise.all([ada.start(), bob.start()]);
    const url = `${address()}/tickets?id=${http.connectionToken}`;
    const others = [
      [() => used, 401],
      [() => "", 401],
      [() => newTicket("ada"), 403],
    ] as const;
    for (const [ticket, status] of others) {
      const headers = () => ({ authorization: `Bearer ${ticket()}` });
      if (transport === "WebSockets") await expect(openRaw(url, headers())).rejects.toThrow();
      for (const method of ["GET", "POST", "DELETE"]) {
        expect((await fetch(url, { method, headers: headers() })).status).toBe(status);
      }
    }
    for (const client of [ada, bob]) {
      await exhaust(client);
      await client.stop();
    }
  });

  test(`[A4] ${transport}: neither a used ticket, nor none, nor another user's opens what was negotiated`, async () => {
    const ticket = newTicket("ada");
    const used = build(address(), transport, () => ticket);
    await used.start();
    const url = await negotiated(address(), newTicket("bob"));
    const headers = transport === "ServerSentEvents" ? { accept: "text/event-stream" } : {};
    for (const [token, status] of [
      [ticket, 401],
      ["", 401],
      [newTicket("ada"), 403],
    ] as const) {
      const authorization = `Bearer ${token}`;
      if (transport === "WebSockets") await expect(openRaw(url, { authorization })).rejects.toThrow();
      else expect((await fetch(url, { headers: { ...headers, authorization } })).status).toBe(status);
    }
    await exhaust(used);
    await used.stop();
  });
}

/** @returns the address of a connection that was promised */
async function negotiated(address: string, ticket: string): Promise<string> {
  const response = await fetch(`${address}/tickets/negotiate?negotiateVersion=1`, {
    method: "POST",
    headers: { authorization: `Bearer ${ticket}` },
  });
  return `${address}/tickets?id=${(await response.json()).connectionToken}`;
}
