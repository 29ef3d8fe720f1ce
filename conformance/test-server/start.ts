/** A server in a process of its own. */
export interface Started {
  /** Where it listens, like `http://127.0.0.1:8080`, in the order in which it said so. */
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts a server that says where it listens.
 * @param count on how many addresses it is to listen
 * @throws Error when it ends before it does
 */
export async function startListening(command: readonly string[], count = 1): Promise<Started> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const decoder = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    output += decoder.decode(chunk, { stream: true });
    const addresses = Array.from(output.matchAll(/^Now listening on: (https?:\S+)\n/gm), ([, address = ""]) => address);
    if (addresses.length < count) continue;
    return {
      addresses,
      async stop() {
        child.kill();
        await child.exited;
      },
    };
  }
  throw new Error(`${command.join(" ")} did not start: ${output}`);
}

/** Bundles a server for Node, which reads no TypeScript. @param folder where the bundle goes */
export async function bundleForNode(entry: string, folder: string): Promise<string> {
  const built = await Bun.build({ entrypoints: [entry], target: "node", outdir: folder, naming: "server.mjs" });
  const [bundle] = built.outputs;
  if (!built.success || bundle === undefined) throw new AggregateError(built.logs, "The server could not be bundled.");
  return bundle.path;
}
