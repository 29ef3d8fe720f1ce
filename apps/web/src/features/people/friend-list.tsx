import type { UserId } from "@hubbub/contract";
import { MessageSquare, UsersRound } from "lucide-react";
import { useMemo, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Link } from "../../ui/navigation.tsx";
import { EmptyState, ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { useChat } from "../chat/index.ts";
import { friendsOf } from "./friends-of.ts";
import { peoplePath } from "./people-path.ts";
import { PersonRow } from "./person-row.tsx";
import { useMessageTo } from "./use-message-to.ts";

/** From so many on they are worth a search. */
const manyFriends = 8;

export function FriendList() {
  const people = useChat((chat) => chat.people);
  const users = useChat((chat) => chat.users);
  const [filter, setFilter] = useState("");
  const friends = useMemo(() => friendsOf(people, "accepted", users), [people, users]);
  const wanted = filter.trim().toLocaleLowerCase();
  const shown = friends.filter((id) => {
    const user = users.get(id);
    return wanted === "" || `${user?.displayName} ${user?.username}`.toLocaleLowerCase().includes(wanted);
  });
  if (friends.length === 0)
    return (
      <EmptyState icon={<UsersRound size={32} />} title="No friends yet">
        <p className="max-w-80 text-small text-soft">Friends see each other here, and whether they are there.</p>
        <Link to={peoplePath("add")} className={textLinkClass}>
          Add a friend
        </Link>
      </EmptyState>
    );
  return (
    <>
      {friends.length >= manyFriends && (
        <TextField
          className="mb-3"
          label="Search friends"
          type="search"
          value={filter}
          onChange={(change) => setFilter(change.target.value)}
        />
      )}
      <ul aria-label="Friends">
        {shown.map((id) => (
          <PersonRow key={id} id={id} isWatched>
            <Message id={id} />
          </PersonRow>
        ))}
      </ul>
      {shown.length === 0 && <p className="py-2 text-small text-soft">No friend is called “{filter.trim()}”.</p>}
    </>
  );
}

function Message({ id }: { readonly id: UserId }) {
  const name = useChat((chat) => chat.users.get(id)?.displayName ?? "…");
  const { run, isBusy, failure } = useMessageTo(id);
  return (
    <>
      <IconButton label={`Message ${name}`} disabled={isBusy} onClick={() => run()}>
        <MessageSquare size={18} />
      </IconButton>
      {failure !== undefined && (
        <div className="w-full">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
    </>
  );
}
