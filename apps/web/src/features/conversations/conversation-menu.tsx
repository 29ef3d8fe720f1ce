import type { Conversation, OperationRequest } from "@hubbub/contract";
import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  BellRing,
  CheckCheck,
  EyeOff,
  Pin,
  PinOff,
  SlidersHorizontal,
  TextSearch,
} from "lucide-react";
import { AnchoredMenu, MenuChoice, MenuGroup, MenuHeading, MenuItem, MenuSeparator, SubMenu } from "../../ui/menu.tsx";
import type { MenuAnchor } from "../../ui/menu-anchor.ts";
import { navigate } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { conversationPath, useAction, useChat, useChatStore } from "../chat/index.ts";
import { searchPathIn } from "./name-in-query.ts";
import { titleOf } from "./summary.ts";
import { isMuted } from "./unread.ts";

type Change = Omit<OperationRequest<"updateConversationSettings">, "conversationId">;

const hour = 3_600_000;
const mutes = [
  { label: "For 1 hour", length: hour },
  { label: "For 8 hours", length: 8 * hour },
  { label: "For a week", length: 7 * 24 * hour },
];
/** Until it is taken back: the last moment that can be written. */
const forGood = "9999-12-31T23:59:59.000Z";

const levels = [
  { value: "default", label: "As in my settings", icon: <SlidersHorizontal size={17} /> },
  { value: "all", label: "Every message", icon: <BellRing size={17} /> },
  { value: "mentions", label: "Mentions only", icon: <Bell size={17} /> },
  { value: "nothing", label: "Nothing", icon: <BellOff size={17} /> },
] as const;

interface ConversationMenuProps {
  readonly conversation: Conversation;
  readonly at: MenuAnchor;
  readonly onClose: () => void;
}

/** One's own side of a conversation: of these settings nobody else hears. */
export function ConversationMenu({ conversation, at, onClose }: ConversationMenuProps) {
  const store = useChatStore();
  const { api } = useSession();
  const ownId = useChat((chat) => chat.ownId);
  const conversations = useChat((chat) => chat.conversations);
  const { id, me, seq, type } = conversation;
  const { settings } = me;
  const update = useAction(async (change: Change) => {
    await store.people.updateConversationSettings({ conversationId: id, ...change });
    onClose();
  });
  const hide = useAction(async () => {
    await api.call("deleteConversation", { conversationId: id });
    onClose();
    if (location.pathname.startsWith(conversationPath(id))) navigate("/");
  });
  const failure = update.failure ?? hide.failure;
  return (
    <AnchoredMenu at={at} label={`Options for ${titleOf(conversation, ownId)}`} onClose={onClose}>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      {me.unread > 0 && (
        <MenuItem onSelect={() => store.markRead(id, seq)}>
          <CheckCheck size={17} /> Mark as read
        </MenuItem>
      )}
      <MenuItem onSelect={() => navigate(searchPathIn(conversation, conversations, ownId))}>
        <TextSearch size={17} /> Search in it
      </MenuItem>
      <MenuItem closes={false} onSelect={() => update.run({ pinned: !settings.pinned })}>
        {settings.pinned ? <PinOff size={17} /> : <Pin size={17} />}
        {settings.pinned ? "Unpin from the top" : "Pin to the top"}
      </MenuItem>
      {isMuted(settings, new Date()) ? (
        <MenuItem closes={false} onSelect={() => update.run({ mutedUntil: null })}>
          <Bell size={17} /> Unmute
        </MenuItem>
      ) : (
        <SubMenu
          label={
            <>
              <BellOff size={17} /> Mute
            </>
          }
        >
          {mutes.map(({ label, length }) => (
            <MenuItem
              key={label}
              closes={false}
              onSelect={() => update.run({ mutedUntil: new Date(Date.now() + length).toISOString() })}
            >
              {label}
            </MenuItem>
          ))}
          <MenuItem closes={false} onSelect={() => update.run({ mutedUntil: forGood })}>
            Until I unmute it
          </MenuItem>
        </SubMenu>
      )}
      <SubMenu
        label={
          <>
            <BellRing size={17} /> Notify me of
          </>
        }
      >
        <MenuGroup>
          <MenuHeading>Notify me of</MenuHeading>
          <MenuChoice
            value={settings.notify ?? "default"}
            choices={levels}
            onChange={(level) => update.run({ notify: level === "default" ? null : level })}
          />
        </MenuGroup>
      </SubMenu>
      <MenuSeparator />
      <MenuItem closes={false} onSelect={() => update.run({ archived: !settings.archived })}>
        {settings.archived ? <ArchiveRestore size={17} /> : <Archive size={17} />}
        {settings.archived ? "Take out of the archive" : "Archive"}
      </MenuItem>
      {type === "direct" && (
        <MenuItem closes={false} onSelect={() => hide.run()}>
          <EyeOff size={17} /> Hide until the next message
        </MenuItem>
      )}
    </AnchoredMenu>
  );
}
