import { type AccountsSettings, relyingPartyOf } from "../features/accounts/index.ts";

const publicUrl = "https://chat.example.org";

/** Of a server for everyone, whose first account registers on its own machine. */
export const accountsSettings: AccountsSettings = {
  publicUrl,
  registration: "open",
  passwordMin: 12,
  accessTokenMinutes: 15,
  refreshTokenDays: 30,
  issuer: "hubbub",
  audience: "hubbub",
  hostIsLoopback: true,
  providers: {},
  relyingParty: relyingPartyOf(publicUrl, []),
};
