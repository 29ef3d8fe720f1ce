import type { UserId } from "@hubbub/contract";
import { ShieldCheck } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { EmptyState, ErrorNotice } from "../../ui/notice.tsx";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { PersonRow } from "./person-row.tsx";
import { refusalText } from "./refusal.ts";

export function BlockedList() {
  const blocks = useChat((chat) => chat.people?.blocks);
  if (blocks === undefined || blocks.size === 0)
    return (
      <EmptyState icon={<ShieldCheck size={32} />} title="Nobody is blocked">
        <p className="max-w-80 text-small text-soft">
          Block someone from their profile: a click on their name opens it.
        </p>
      </EmptyState>
    );
  return (
    <>
      <p className="mb-2 text-small text-soft">
        They cannot write to you alone or see whether you are there. Nobody tells them.
      </p>
      <ul aria-label="Blocked">
        {[...blocks].map((id) => (
          <Blocked key={id} id={id} />
        ))}
      </ul>
    </>
  );
}

function Blocked({ id }: { readonly id: UserId }) {
  const store = useChatStore();
  const name = useChat((chat) => chat.users.get(id)?.displayName ?? "…");
  const { run, isBusy, failure } = useAction(() => store.people.unblock(id), refusalText);
  return (
    <PersonRow id={id}>
      <Button aria-label={`Unblock ${name}`} isBusy={isBusy} onClick={() => run()}>
        Unblock
      </Button>
      {failure !== undefined && (
        <div className="w-full">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
    </PersonRow>
  );
}
