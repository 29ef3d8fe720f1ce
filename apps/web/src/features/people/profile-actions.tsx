import type { UserId } from "@hubbub/contract";
import { Ban, MessageSquare, UserCheck, UserMinus, UserPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { refusalText } from "./refusal.ts";
import { useMessageTo } from "./use-message-to.ts";

interface ProfileActionsProps {
  readonly id: UserId;
  readonly name: string;
  readonly onClose: () => void;
}

export function ProfileActions({ id, name, onClose }: ProfileActionsProps) {
  const { people } = useChatStore();
  const friendStatus = useChat((chat) => chat.people?.friends.get(id)?.status);
  const isBlocked = useChat((chat) => chat.people?.blocks.has(id) ?? false);
  const [isAsking, setAsking] = useState(false);
  const message = useMessageTo(id, onClose);
  const change = useAction((act: () => Promise<void>) => act(), refusalText);
  const failure = message.failure ?? change.failure;
  if (isAsking)
    return (
      <div className="mt-5">
        <p className="text-small">
          Block {name}? They cannot write to you alone or see whether you are there, and are no friend any more. Nobody
          tells them.
        </p>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)} autoFocus>
            Cancel
          </Button>
          <Button
            look="danger"
            onClick={() => {
              setAsking(false);
              change.run(() => people.block(id));
            }}
          >
            Block
          </Button>
        </div>
      </div>
    );
  return (
    <div className="mt-5 flex flex-col gap-3">
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      {isBlocked ? (
        <>
          <p className="text-small text-soft">You blocked {name}.</p>
          <Button isBusy={change.isBusy} onClick={() => change.run(() => people.unblock(id))} className="self-start">
            Unblock
          </Button>
        </>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button look="primary" isBusy={message.isBusy} onClick={() => message.run()}>
            <MessageSquare size={17} /> Message
          </Button>
          <Friendship
            status={friendStatus}
            isBusy={change.isBusy}
            onRequest={() => change.run(() => people.requestFriend({ userId: id }))}
            onAccept={() => change.run(() => people.answerRequest(id, "accepted"))}
            onRemove={() => change.run(() => people.removeFriend(id))}
          />
          <Button look="danger" disabled={change.isBusy} onClick={() => setAsking(true)}>
            <Ban size={17} /> Block
          </Button>
        </div>
      )}
    </div>
  );
}

interface FriendshipProps {
  readonly status: "accepted" | "incoming" | "outgoing" | undefined;
  readonly isBusy: boolean;
  readonly onRequest: () => void;
  readonly onAccept: () => void;
  readonly onRemove: () => void;
}

function Friendship({ status, isBusy, onRequest, onAccept, onRemove }: FriendshipProps) {
  switch (status) {
    case undefined:
      return (
        <Button disabled={isBusy} onClick={onRequest}>
          <UserPlus size={17} /> Add friend
        </Button>
      );
    case "incoming":
      return (
        <>
          <Button disabled={isBusy} onClick={onAccept}>
            <UserCheck size={17} /> Accept
          </Button>
          <Button look="quiet" disabled={isBusy} onClick={onRemove}>
            Decline
          </Button>
        </>
      );
    case "outgoing":
      return (
        <Button disabled={isBusy} onClick={onRemove}>
          Withdraw request
        </Button>
      );
    case "accepted":
      return (
        <Button disabled={isBusy} onClick={onRemove}>
          <UserMinus size={17} /> Remove friend
        </Button>
      );
    default:
      return status satisfies never;
  }
}
