import { HubbubError } from "@hubbub/client";
import type { OwnUser } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf, useFormSubmission, useSession } from "../auth/index.ts";
import { PersonAvatar, PictureField } from "../avatars/index.ts";
import { Loading } from "./loading.tsx";
import { Saved } from "./saved.tsx";

export function ProfileSection() {
  const session = useSession();
  const { api } = session;
  const [user, setUser] = useState<OwnUser>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    let isWanted = true;
    api.call("getOwnUser", {}).then(
      (answer) => isWanted && setUser(answer.user),
      (error: unknown) =>
        isWanted && setFailure(error instanceof HubbubError ? error.detail : "Your profile could not be loaded."),
    );
    return () => {
      isWanted = false;
    };
  }, [api]);
  if (failure !== undefined) return <ErrorNotice>{failure}</ErrorNotice>;
  if (user === undefined) return <Loading />;
  return (
    <div className="flex flex-col gap-5">
      <PictureField
        face={<PersonAvatar id={user.id} size="huge" />}
        hasPicture={user.avatarMediaId !== undefined}
        onChange={async (avatarMediaId) => {
          const answer = await session.api.call("updateOwnUser", { avatarMediaId });
          session.learnUser(answer.user);
          setUser(answer.user);
        }}
      />
      <ProfileForm user={user} />
    </div>
  );
}

function ProfileForm({ user }: { readonly user: OwnUser }) {
  const session = useSession();
  const [saved, setSaved] = useState<string>();
  const { errors, isBusy, onSubmit } = useFormSubmission(["displayName", "bio"], async (form) => {
    setSaved(undefined);
    const bio = textOf(form, "bio").trim();
    const displayName = textOf(form, "displayName").trim();
    const answer = await session.api.call("updateOwnUser", { displayName, bio: bio === "" ? null : bio });
    session.learnUser(answer.user);
    setSaved("Saved.");
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      <TextField
        label="Name"
        name="displayName"
        hint="What others see."
        autoComplete="name"
        defaultValue={user.displayName}
        maxLength={64}
        required
        error={errors.fields["displayName"]}
      />
      <TextArea label="About you" name="bio" defaultValue={user.bio} maxLength={2048} error={errors.fields["bio"]} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-small">
        <dt className="text-faint">Username</dt>
        <dd className="truncate">@{user.username}</dd>
        <dt className="text-faint">E-mail</dt>
        <dd className="truncate">{user.email}</dd>
      </dl>
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" isBusy={isBusy}>
          Save
        </Button>
        <Saved text={saved} />
      </div>
    </form>
  );
}
