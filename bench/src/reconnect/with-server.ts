import { newClientMessageId } from "@hubbub/contract";
import type { SQL } from "bun";
import { openConnections } from "../../../apps/server/src/infrastructure/postgres/database.ts";
import { ServerProcess, temporaryDirectory } from "../../../apps/server/src/testing/server-process.ts";
import { type Conversation, Population } from "../chat/population.ts";
import { repeat } from "../load/schedule.ts";

export interface Served {
  readonly server: ServerProcess;
  readonly sql: SQL;
  readonly population: Population;
}

export async function withServer<T>(task: (served: Served) => Promise<T>): Promise<T> {
  const directory = temporaryDirectory();
  const server = await ServerProcess.start({ dataDirectory: directory.path, env: { LOG_LEVEL: "warn" } });
  const sql = openConnections(server.databaseUrl, 1);
  const population = new Population(server, directory.path);
  try {
    return await task({ server, sql, population });
  } finally {
    await population.close();
    await sql.close();
    await server.stop();
    directory.remove();
  }
}

/** The first member of each says something there. */
export async function sayIn({ server, population }: Served, conversations: readonly Conversation[]): Promise<void> {
  const url = await server.url;
  await repeat(conversations.length, 32, async (index) => {
    const { id, members } = conversations[index] ?? { id: "", members: [] };
    const headers = {
      authorization: `Bearer ${population.people[members[0] ?? 0]?.token}`,
      "content-type": "application/json",
    };
    const body = JSON.stringify({
      clientMessageId: newClientMessageId(),
      text: "What they missed while they were away.",
    });
    const answer = await fetch(`${url}/api/v1/conversations/${id}/messages`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`A send answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  });
}
