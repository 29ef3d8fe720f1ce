import { expect, test } from "bun:test";
import { clientFrame, FrameReader } from "./frame-reader.ts";

/** A server's frame, as RFC 6455 has it. */
function serverFrame(first: number, payload: string): Buffer {
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([first, ...length]), Buffer.from(payload)]);
}

test("messages come out whole and in order, wherever the stream is cut, also of several frames with a ping between", () => {
  const long = "x".repeat(300);
  const stream = Buffer.concat([
    serverFrame(0x81, "one"),
    serverFrame(0x01, "t"),
    serverFrame(0x89, "are you there"),
    serverFrame(0x00, "w"),
    serverFrame(0x80, "o"),
    serverFrame(0x81, long),
    serverFrame(0x88, "\u0003\u0004"),
  ]);
  for (let size = 1; size <= stream.length; size++) {
    const heard: string[] = [];
    const reader = new FrameReader({
      message: (payload) => heard.push(payload.toString()),
      ping: (payload) => heard.push(`ping ${payload}`),
      closed: (code) => heard.push(`closed ${code}`),
    });
    for (let from = 0; from < stream.length; from += size) {
      const chunk = Buffer.from(stream.subarray(from, from + size));
      reader.read(chunk);
      chunk.fill(0); // the runtime uses its memory again
    }
    expect(heard).toEqual(["one", "ping are you there", "two", long, "closed 772"]);
  }
});

test("a client's frame is masked, by zeros", () => {
  expect([...clientFrame("text", "hi")]).toEqual([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
  expect(clientFrame("text", "x".repeat(300)).subarray(0, 4)).toEqual(Buffer.from([0x81, 0xfe, 1, 44]));
});
