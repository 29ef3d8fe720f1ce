/** How long anything that is pushed may take, in ms. */
const patience = 5_000;

/** What the look finds, as soon as it finds something true. @throws after 5 s, or so many ms, with the complaint */
export async function eventually<Found>(
  look: () => Found | Promise<Found>,
  complaint: () => string,
  milliseconds = patience,
): Promise<NonNullable<Found>> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(complaint());
    await Bun.sleep(5);
  }
}
