import type { Conversation } from "@hubbub/contract";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf } from "../auth/index.ts";
import { useAction, useChatStore } from "../chat/index.ts";

/** Title and topic of a group or channel. */
export function RenameForm({ conversation }: { readonly conversation: Conversation }) {
  const store = useChatStore();
  const { id, title = "", topic = "" } = conversation;
  const { run, isBusy, failure } = useAction(async (newTitle: string, newTopic: string) => {
    const changes = {
      ...(newTitle !== title && { title: newTitle }),
      ...(newTopic !== topic && { topic: newTopic === "" ? null : newTopic }),
    };
    if (Object.keys(changes).length > 0) await store.updateConversation({ conversationId: id, ...changes });
  });
  return (
    <form
      // Someone else's change is taken over.
      key={`${title}\n${topic}`}
      className="flex flex-col gap-3"
      onSubmit={(submission) => {
        submission.preventDefault();
        const form = new FormData(submission.currentTarget);
        run(textOf(form, "title").trim(), textOf(form, "topic").trim());
      }}
    >
      <TextField label="Title" name="title" defaultValue={title} maxLength={100} required error={failure} />
      <TextField label="Topic" name="topic" defaultValue={topic} maxLength={500} placeholder="What it is about" />
      <Button type="submit" isBusy={isBusy} className="self-start">
        Save
      </Button>
    </form>
  );
}
