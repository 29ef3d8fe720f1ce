import type { OperationRequest, User } from "@hubbub/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { PersonAvatar } from "../avatars/index.ts";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { refusalText } from "./refusal.ts";
import { useShowProfile } from "./show-profile.ts";
import { usePeopleSearch } from "./use-people-search.ts";

/** `@ann` and `ann` are a username; what has an @ inside is an address. */
export function whomText(text: string): OperationRequest<"requestFriend"> {
  const name = text.trim().replace(/^@/, "");
  return name.includes("@") ? { email: name } : { username: name };
}

/** By what one knows of them: a whole username or address, or by the beginning of a name. */
export function AddFriend() {
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  const [text, setText] = useState("");
  const [done, setDone] = useState<string>();
  const { run, isBusy, failure } = useAction(async () => {
    setDone(undefined);
    const whom = whomText(text);
    await store.people.requestFriend(whom);
    setText("");
    setDone(
      whom.email === undefined
        ? `@${whom.username} was asked.`
        : "If someone here has this address, they see your request now.",
    );
  }, refusalText);
  const isAddress = text.includes("@");
  const search = usePeopleSearch(isAddress ? "" : text);
  const people = search.status === "found" ? search.people.filter(({ id }) => id !== ownId) : [];
  const submit = (submission: FormEvent): void => {
    submission.preventDefault();
    run();
  };
  return (
    <>
      <form onSubmit={submit} className="flex items-end gap-2">
        <TextField
          className="min-w-0 flex-1"
          label="Username, e-mail or name"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          value={text}
          onChange={(change) => setText(change.target.value)}
        />
        <Button type="submit" look="primary" isBusy={isBusy} disabled={text.trim() === ""}>
          Send request
        </Button>
      </form>
      <div role="status" className="mt-2 text-small text-soft">
        {done}
      </div>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      {search.status === "failed" && <ErrorNotice>{search.detail}</ErrorNotice>}
      {!isAddress && search.status === "found" && (
        <>
          <h2 className="mt-4 mb-1 font-medium text-caption text-faint">
            {text.trim() === "" ? "People here" : "Found"}
          </h2>
          <ul aria-label="Found">
            {people.map((user) => (
              <Found key={user.id} user={user} />
            ))}
          </ul>
          {people.length === 0 && (
            <p className="py-2 text-small text-soft">
              {text.trim() === "" ? "Nobody else is here yet." : `Nobody is called “${text.trim()}”.`}
            </p>
          )}
        </>
      )}
    </>
  );
}

function Found({ user }: { readonly user: User }) {
  const store = useChatStore();
  const show = useShowProfile();
  const status = useChat((chat) => chat.people?.friends.get(user.id)?.status);
  const isBlocked = useChat((chat) => chat.people?.blocks.has(user.id) ?? false);
  const { run, isBusy, failure } = useAction(() => store.people.requestFriend({ userId: user.id }), refusalText);
  const says = isBlocked
    ? "Blocked"
    : status && { accepted: "Friend", incoming: "Asks you", outgoing: "Asked" }[status];
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-2 py-1">
      <button
        type="button"
        onClick={() => show(user.id)}
        className="-mx-2 flex min-h-12 min-w-40 flex-1 items-center gap-3 rounded-medium px-2 text-left hover:bg-hover"
      >
        <PersonAvatar id={user.id} known={user} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-small">{user.displayName}</span>
          <span className="block truncate text-caption text-faint">@{user.username}</span>
        </span>
      </button>
      {says === undefined ? (
        <Button aria-label={`Ask ${user.displayName} to be friends`} isBusy={isBusy} onClick={() => run()}>
          Add
        </Button>
      ) : (
        <span className="px-2 text-caption text-faint">{says}</span>
      )}
      {failure !== undefined && (
        <div className="w-full">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
    </li>
  );
}
