// Loaded into a server before its own code: what memory is read after a collection is what it needs, and not what it has
// not yet given back.
process.on("SIGUSR2", () => Bun.gc(true));
