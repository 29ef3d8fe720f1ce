import type { Conversation } from "@hubbub/contract";
import { EyeOff, LogOut, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { navigate } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { titleOf } from "./summary.ts";

/** The ways out of a conversation. */
export function Departures({ conversation }: { readonly conversation: Conversation }) {
  const store = useChatStore();
  const { api } = useSession();
  const ownId = useChat((chat) => chat.ownId);
  const { id, type, me } = conversation;
  const title = titleOf(conversation, ownId);
  const remove = async (): Promise<void> => {
    await api.call("deleteConversation", { conversationId: id });
  };
  if (type === "direct")
    return (
      <Departure
        label="Hide conversation"
        icon={<EyeOff size={17} />}
        question={`Hide ${title}?`}
        says="It disappears from your list until the next message. Nothing is deleted."
        stay="Keep"
        go="Hide"
        act={remove}
      />
    );
  return (
    <div className="border-line border-t pt-4">
      <Departure
        label={`Leave ${type}`}
        icon={<LogOut size={17} />}
        question={`Leave ${title}?`}
        says={
          conversation.visibility === "public"
            ? "It disappears from your list. You can join it again."
            : "It disappears from your list. To come back, someone in it has to add you."
        }
        stay="Stay"
        go="Leave"
        act={() => store.removeMember(id, ownId)}
      />
      {me.role === "owner" && (
        <Departure
          label={`Delete ${type}`}
          icon={<Trash2 size={17} />}
          question={`Delete ${title}?`}
          says={`The ${type} and everything written in it are deleted for everyone. This cannot be undone.`}
          stay="Keep"
          go="Delete"
          act={remove}
        />
      )}
    </div>
  );
}

interface DepartureProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly question: string;
  readonly says: string;
  readonly stay: string;
  readonly go: string;
  readonly act: () => Promise<void>;
}

function Departure({ label, icon, question, says, stay, go, act }: DepartureProps) {
  const [isAsking, setAsking] = useState(false);
  const { run, isBusy, failure } = useAction(async () => {
    await act();
    navigate("/");
  });
  return (
    <div>
      <Button look="danger" className="-ml-4" onClick={() => setAsking(true)}>
        {icon} {label}
      </Button>
      <Dialog title={question} description={says} isOpen={isAsking} onClose={() => setAsking(false)}>
        {failure !== undefined && (
          <div className="mt-3">
            <ErrorNotice>{failure}</ErrorNotice>
          </div>
        )}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{stay}</Button>
          <Button look="danger" isBusy={isBusy} onClick={() => run()}>
            {go}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
