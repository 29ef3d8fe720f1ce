import { expect, test } from "@playwright/test";
import { exampleNames, startExample } from "./example-server.ts";

// To record what these pages show takes longer than they do.
test.use({ trace: "off", screenshot: "off" });

for (const runtime of ["Bun", "Node"] as const) {
  // The page is the same in all.
  for (const name of exampleNames[runtime].slice(0, 1)) {
    test(`two pages of the example ${name}.ts talk to each other`, async ({ context }) => {
      const server = await startExample(runtime, name);
      const [ada, bob] = [await context.newPage(), await context.newPage()];
      for (const page of [ada, bob]) {
        await page.goto(server.address);
        // One can write once one has joined.
        await expect(page.getByLabel("Your message")).toBeEnabled();
      }
      await ada.getByLabel("Your message").fill("hello from Ada");
      await ada.keyboard.press("Enter");
      await expect(bob.getByText("hello from Ada")).toBeVisible();
      await server.stop();
    });
  }
}
