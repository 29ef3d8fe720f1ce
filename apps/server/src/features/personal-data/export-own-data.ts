import { operations, type UserId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import type { PersonalSection } from "../../operations/personal-section.ts";
import { ok } from "../../operations/result.ts";
import type { Clock } from "../../ports/clock.ts";

export interface ExportOwnDataDeps {
  readonly clock: Clock;
  /** Of all slices. */
  readonly sections: readonly PersonalSection[];
  /** It failed when the answer had begun, so that nobody can be told but by its end. */
  readonly onError: (error: unknown) => void;
}

/** Bytes that are sent at once. */
const CHUNK = 32 * 1024;

/** Reads as fast as the answer is taken, so that it needs the same little memory for everyone. */
export function exportOwnDataOperation({ clock, sections, onError }: ExportOwnDataDeps): Operation {
  return defineOperation(operations.exportOwnData, {
    handle: (_input, { userId }) => ok(documentOf(sections, userId, new Date(clock.now()))),
    rest: (text) => ({ stream: streamOf(text, onError) }),
  });
}

async function* documentOf(sections: readonly PersonalSection[], user: UserId, now: Date): AsyncGenerator<string> {
  yield JSON.stringify({ exportedAt: now.toISOString() }).slice(0, -1);
  for (const { name, json } of sections) {
    yield `,${JSON.stringify(name)}:`;
    yield* json(user);
  }
  yield "}";
}

function streamOf(text: AsyncGenerator<string>, onError: (error: unknown) => void): ReadableStream {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        let chunk = "";
        for (let next = await text.next(); ; next = await text.next()) {
          if (next.done === true) {
            controller.enqueue(encoder.encode(chunk));
            controller.close();
            return;
          }
          chunk += next.value;
          if (chunk.length < CHUNK) continue;
          controller.enqueue(encoder.encode(chunk));
          return;
        }
      } catch (error) {
        onError(error);
        controller.error(error);
      }
    },
    async cancel() {
      await text.return(undefined);
    },
  });
}
