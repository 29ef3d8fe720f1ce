import { expect, test } from "bun:test";
import { newAccount, unique } from "../src/account.ts";
import { alice, api, connect, newGroup } from "../src/target.ts";

test("a profile is changed field by field, and others see its public part alone", async () => {
  const quinn = await newAccount(api, "quinn");
  const profile = { displayName: "Quinn Q.", bio: "One line.\nAnother.", timeZone: "Europe/Berlin", language: "pt-BR" };
  const changed = await api.call("updateOwnUser", profile, quinn.token);
  const own = { email: quinn.email, emailVerified: false, isAdmin: false };
  expect(changed.user).toEqual({ ...quinn.user, ...profile, ...own });
  expect(await api.call("getOwnUser", {}, quinn.token)).toEqual(changed);
  const seen = { ...quinn.user, displayName: profile.displayName, bio: profile.bio, presence: "offline" } as const;
  expect((await api.call("getUser", { userId: quinn.user.id }, alice.token)).user).toEqual(seen);
  const username = quinn.user.username.toUpperCase();
  expect((await api.call("getUserByUsername", { username }, alice.token)).user).toEqual(seen);
  const { user } = await api.call("updateOwnUser", { bio: null, timeZone: null }, quinn.token);
  expect(user).toEqual({ ...quinn.user, displayName: profile.displayName, language: "pt-BR", ...own });
});

test("a profile refuses what it cannot hold, and fields that are not the person's to change", async () => {
  for (const input of [
    {},
    { displayName: "" },
    { displayName: null },
    { bio: "x".repeat(2049) },
    { timeZone: "Middle-earth/Shire" },
    { timeZone: "+01:00" },
    { language: "no such language" },
    { username: "other" },
  ]) {
    expect((await api.refused("updateOwnUser", input, alice.token)).code).toBe("VALIDATION_FAILED");
  }
});

test("people who are not there are 404", async () => {
  expect((await api.refused("getUser", { userId: crypto.randomUUID() }, alice.token)).code).toBe("NOT_FOUND");
  for (const username of [`nobody-${unique()}`, "x", "é"])
    expect((await api.refused("getUserByUsername", { username }, alice.token)).code).toBe("NOT_FOUND");
});

test("a changed profile is pushed to who shares a conversation, and to nobody else", async () => {
  const [rosa, sam, tom] = [await newAccount(api, "rosa"), await newAccount(api, "sam"), await newAccount(api, "tom")];
  await newGroup(rosa, sam);
  await using own = await connect(rosa);
  await using friend = await connect(sam);
  await using stranger = await connect(tom);
  await api.call("updateOwnUser", { displayName: "Rosa R." }, rosa.token);
  const pushed = { ...rosa.user, displayName: "Rosa R." };
  for (const hub of [own, friend]) expect(await hub.hears("UserUpdated")).toEqual(pushed);
  await api.call("updateOwnUser", { displayName: "Tom T." }, tom.token);
  await stranger.hears("UserUpdated", ({ id }) => id === tom.user.id);
  expect(stranger.heard("UserUpdated")).toHaveLength(1);
  expect(friend.heard("UserUpdated")).toHaveLength(1);
});
