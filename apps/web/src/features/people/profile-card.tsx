import { HubbubError } from "@hubbub/client";
import type { User, UserId } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { PresenceDot } from "../../ui/presence-dot.tsx";
import { useSession } from "../auth/index.ts";
import { PersonAvatar } from "../avatars/index.ts";
import { presenceText, useChat, usePresence } from "../chat/index.ts";
import { ProfileActions } from "./profile-actions.tsx";

type Profile =
  | { readonly status: "loading" }
  | { readonly status: "known"; readonly user: User }
  | { readonly status: "failed"; readonly detail: string };

/** Read afresh: what came along with messages lacks what someone says of themselves. */
function useProfile(id: UserId): Profile {
  const { api } = useSession();
  const [profile, setProfile] = useState<Profile>({ status: "loading" });
  useEffect(() => {
    let isWanted = true;
    const settle = (known: Profile): void => {
      if (isWanted) setProfile(known);
    };
    api.call("getUser", { userId: id }).then(
      ({ user }) => settle({ status: "known", user }),
      (error: unknown) => settle({ status: "failed", detail: detailOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [api, id]);
  return profile;
}

function detailOf(error: unknown): string {
  if (!(error instanceof HubbubError)) return "The profile could not be loaded.";
  return error.code === "NOT_FOUND" ? "This account does not exist any more." : error.detail;
}

interface ProfileCardProps {
  readonly id: UserId;
  readonly onClose: () => void;
}

/** Who somebody is, whether they are there, and what one can do about them. */
export function ProfileCard({ id, onClose }: ProfileCardProps) {
  const ownId = useChat((chat) => chat.ownId);
  const known = useChat((chat) => chat.users.get(id));
  const profile = useProfile(id);
  const presence = usePresence(id);
  const user = profile.status === "known" ? profile.user : known;
  const name = user?.displayName ?? "…";
  const isDeleted = user?.isDeleted === true;
  const description = isDeleted ? "This account was deleted. What was written stays." : user && `@${user.username}`;
  return (
    <Dialog title={name} isOpen onClose={onClose} {...(description !== undefined && { description })}>
      <div className="mt-3 flex items-center gap-4">
        <span className="relative inline-flex shrink-0">
          <PersonAvatar id={id} known={user} size="huge" />
          <PresenceDot presence={presence?.presence} />
        </span>
        <p className="min-w-0 flex-1 text-small text-soft [overflow-wrap:anywhere]">
          {presence !== undefined && !isDeleted && presenceText(presence, new Date())}
        </p>
      </div>
      {profile.status === "failed" && (
        <div className="mt-4">
          <ErrorNotice>{profile.detail}</ErrorNotice>
        </div>
      )}
      {user?.bio !== undefined && (
        <p dir="auto" className="mt-4 whitespace-pre-wrap text-small [overflow-wrap:anywhere]">
          {user.bio}
        </p>
      )}
      {id === ownId ? (
        <p className="mt-4 text-small text-faint">This is you, as others see you.</p>
      ) : (
        profile.status !== "failed" && !isDeleted && <ProfileActions id={id} name={name} onClose={onClose} />
      )}
    </Dialog>
  );
}
