import { expect, test } from "@playwright/test";
import { exampleNames, startExample } from "./example-server.ts";

for (const runtime of ["Bun", "Node"] as const) {
  // The page is the same in all.
  for (const name of exampleNames[runtime].slice(0, 1)) {
    test(`two pages of the example ${name}.ts talk to each other`, async ({ context }) => {
      const server = await startExample(runtime, name);
      const [ada, bob] = [await context.newPage(), await context.newPage()];
      for (const page of [ada, bob]) {
        await page.goto(server.address);
        // A page says nothing before it is connected: it hears itself once it has joined.
        await expect(async () => {
          await page.getByLabel("Your message").fill("here");
          await page.keyboard.press("Enter");
          await expect(page.getByText("here").first()).toBeVisible({ timeout: 500 });
        }).toPass();
      }
      await ada.getByLabel("Your message").fill("hello from Ada");
      await ada.keyboard.press("Enter");
      await expect(bob.getByText("hello from Ada")).toBeVisible();
      await server.stop();
    });
  }
}
