import type { ConversationState } from "@hubbub/client";
import { useEffect, useState } from "react";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useSession } from "../auth/index.ts";
import { useChatStore, useLoaded } from "../chat/index.ts";
import { usePeopleSearch } from "../people/index.ts";
import { MemberItem } from "./member-item.tsx";

/** Members by their names, where they are too many to be listed. */
export function MemberSearch({ state }: { readonly state: ConversationState }) {
  const { api } = useSession();
  const store = useChatStore();
  const [typed, setTyped] = useState("");
  const query = typed.trim();
  const search = usePeopleSearch(query);
  const people = query !== "" && search.status === "found" ? search.people : [];
  const ids = people.map(({ id }) => id);
  const { conversation, membersPts } = state;
  const { loaded } = useLoaded(
    async () =>
      ids.length === 0 ? [] : (await api.call("listMembers", { conversationId: conversation.id, ids })).items,
    // a role that changed is read again
    [api, conversation.id, ids.join(), membersPts],
  );
  const members = loaded.status === "ready" ? loaded.value : [];
  useEffect(() => store.want(members.map(({ userId }) => userId)), [store, members]);
  return (
    <div>
      <TextField
        label="Find a member"
        type="search"
        placeholder="Name or username"
        autoComplete="off"
        maxLength={64}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      {search.status === "failed" && <ErrorNotice>{search.detail}</ErrorNotice>}
      {loaded.status === "failed" && <ErrorNotice>{loaded.detail}</ErrorNotice>}
      <ul aria-label="Found members" className="mt-1">
        {members.map((member) => (
          <MemberItem key={member.userId} member={member} state={state} />
        ))}
      </ul>
      {query !== "" && search.status === "found" && loaded.status === "ready" && members.length === 0 && (
        <p className="py-2 text-small text-soft">No member is called “{query}”.</p>
      )}
    </div>
  );
}
