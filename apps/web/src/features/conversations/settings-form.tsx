import type { Conversation } from "@hubbub/contract";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf } from "../auth/index.ts";
import { useAction, useChatStore } from "../chat/index.ts";

/** What a group or channel is called, and its rules. */
export function SettingsForm({ conversation }: { readonly conversation: Conversation }) {
  const store = useChatStore();
  const { id, type, title = "", topic = "", visibility, posting, historyVisibility } = conversation;
  const { run, isBusy, failure } = useAction(async (form: FormData) => {
    const wanted = {
      title: textOf(form, "title").trim(),
      topic: textOf(form, "topic").trim(),
      visibility: form.get("visibility") === "public" ? "public" : "private",
      posting: form.get("posting") === "admins" ? "admins" : "everyone",
      historyVisibility: form.get("history") === "all" ? "all" : "sinceJoined",
    } as const;
    const changes = {
      ...(wanted.title !== title && { title: wanted.title }),
      ...(wanted.topic !== topic && { topic: wanted.topic === "" ? null : wanted.topic }),
      ...(type === "channel" && wanted.visibility !== visibility && { visibility: wanted.visibility }),
      ...(wanted.posting !== posting && { posting: wanted.posting }),
      ...(wanted.historyVisibility !== historyVisibility && { historyVisibility: wanted.historyVisibility }),
    };
    if (Object.keys(changes).length > 0) await store.updateConversation({ conversationId: id, ...changes });
  });
  return (
    <form
      // Someone else's change is taken over.
      key={[title, topic, visibility, posting, historyVisibility].join("\n")}
      className="flex flex-col gap-3"
      onSubmit={(submission) => {
        submission.preventDefault();
        run(new FormData(submission.currentTarget));
      }}
    >
      <TextField label="Title" name="title" defaultValue={title} maxLength={100} required error={failure} />
      <TextField label="Topic" name="topic" defaultValue={topic} maxLength={500} placeholder="What it is about" />
      {type === "channel" && (
        <SelectField label="Who can join" name="visibility" defaultValue={visibility} choices={visibilities} />
      )}
      <SelectField label="Who can write" name="posting" defaultValue={posting} choices={postings} />
      <SelectField label="Newcomers see" name="history" defaultValue={historyVisibility} choices={histories} />
      <Button type="submit" isBusy={isBusy} className="self-start">
        Save
      </Button>
    </form>
  );
}

const visibilities = [
  { value: "public", label: "Anyone here" },
  { value: "private", label: "Invited people only" },
];

const postings = [
  { value: "everyone", label: "Everyone in it" },
  { value: "admins", label: "Admins only" },
];

const histories = [
  { value: "all", label: "Everything written before" },
  { value: "sinceJoined", label: "What comes after they join" },
];
