import { expect, test } from "bun:test";
import { typingText } from "./typing-text.ts";

test("one and two who type are named, more are several, nobody is no line", () => {
  expect(typingText([])).toBeUndefined();
  expect(typingText(["Ada"])).toBe("Ada is typing…");
  expect(typingText(["Ada", "Grace"])).toBe("Ada and Grace are typing…");
  expect(typingText(["Ada", "Grace", "Joan"])).toBe("Several people are typing…");
});
