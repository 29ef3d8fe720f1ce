import { ChatConnection, HubbubApi } from "@hubbub/client";
import { newClientMessageId, newDeviceId } from "@hubbub/contract";

const password = "correct horse battery staple";

/** What a client of one's own does on a page of its own: signs up, talks to itself, and hears it by the hub. */
async function chat(server: string, username: string): Promise<string | undefined> {
  const api = new HubbubApi({ baseUrl: server, deviceId: newDeviceId(), tokenDelivery: "body" });
  await api.call("register", { username, email: `${username}@example.org`, password });
  await api.login({ login: username, password });
  const connection = new ChatConnection(api);
  const clientMessageId = newClientMessageId();
  const heard = new Promise<string | undefined>((resolve) =>
    connection.on("ReceiveMessage", (message) => {
      if (message.clientMessageId === clientMessageId) resolve(message.text);
    }),
  );
  const online = new Promise<void>((resolve) =>
    connection.onState(({ status }) => {
      if (status === "online") resolve();
    }),
  );
  connection.start();
  await online;
  const { conversation } = await api.call("createConversation", { type: "group", title: "Own" });
  await connection.call("sendMessage", { conversationId: conversation.id, clientMessageId, text: "From elsewhere" });
  const text = await heard;
  await connection.stop();
  return text;
}

Object.assign(globalThis, { chat });
