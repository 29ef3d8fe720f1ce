/** Runs a server in a process of its own until `stop`. */
export async function startOnBun(entry: string) {
  const child = Bun.spawn([process.execPath, entry], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  if (!(port > 0)) throw new Error("The server printed no port.");
  return {
    address: `http://127.0.0.1:${port}`,
    /** Asks the server to end, and expects it to do so by itself. */
    async stop() {
      await child.stdin.end();
      const code = await child.exited;
      if (code !== 0) throw new Error(`The server ended with ${code}.`);
    },
  };
}
