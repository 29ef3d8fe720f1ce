import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

/** @throws when the hub does not answer what it is asked */
export async function tryEcho(port: number | undefined): Promise<void> {
  const builder = new HubConnectionBuilder().withUrl(`http://127.0.0.1:${port}/echo`);
  const connection = builder.configureLogging(LogLevel.None).build();
  await connection.start();
  if ((await connection.invoke("Echo", "hello")) !== "hello") throw new Error("No echo.");
  await connection.stop();
}
