import { expect, setSystemTime, test } from "bun:test";
import { newConversationId, newMediaId, type OperationName, type OperationOutput } from "@hubbub/contract";
import { MediaAddresses } from "./media-addresses.ts";

const newId = () => newMediaId(newConversationId());

/** A server that gives a new address each time, and tells how many it makes at once. */
function addressServer() {
  const counts = { calls: 0, now: 0, most: 0 };
  const api = {
    call: async <Name extends OperationName>(): Promise<OperationOutput<Name>> => {
      counts.most = Math.max(counts.most, ++counts.now);
      const number = ++counts.calls;
      await Bun.sleep(1);
      counts.now--;
      const answer: unknown = {
        url: `https://store.example.org/${number}`,
        expiresAt: new Date(Date.now() + 900_000).toISOString(),
      };
      return answer as OperationOutput<Name>;
    },
  };
  return { counts, addresses: new MediaAddresses(api) };
}

test("[M4] an address is asked for once for all who show a medium, and of many media a few at once", async () => {
  const { counts, addresses } = addressServer();
  const ids = Array.from({ length: 20 }, newId);
  const asked = await Promise.all([...ids, ...ids, ...ids].map((id) => addresses.get(id)));
  expect(counts.calls).toBe(20);
  expect(counts.most).toBe(6);
  expect(asked.slice(0, 20)).toEqual(asked.slice(40));
  expect(addresses.peek(ids[7] ?? newId())).toBe(asked[7]);
});

test("one that is about to run out, or from which nothing came, is asked for anew; one at hand never", async () => {
  const { counts, addresses } = addressServer();
  const id = newId();
  const first = await addresses.get(id);
  expect(await addresses.get(id)).toBe(first);
  try {
    setSystemTime(Date.now() + 14.5 * 60_000);
    expect(addresses.peek(id)).toBeUndefined();
    const second = await addresses.get(id);
    addresses.forget(id, first); // of someone who comes late
    expect(addresses.peek(id)).toBe(second);
    addresses.forget(id, second);
    expect(await addresses.get(id)).toBe("https://store.example.org/3");
    addresses.keep(id, "blob:picture");
    setSystemTime(Date.now() + 24 * 3_600_000);
    expect(await addresses.get(id)).toBe("blob:picture");
    expect(counts.calls).toBe(3);
  } finally {
    setSystemTime();
  }
});
