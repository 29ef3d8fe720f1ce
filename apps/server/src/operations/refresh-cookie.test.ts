import { expect, test } from "bun:test";
import { RefreshCookie } from "./refresh-cookie.ts";

const plain = new RefreshCookie({ secure: false, refreshTokenDays: 30 });
const secure = new RefreshCookie({ secure: true, refreshTokenDays: 7 });
const requestWith = (cookie: string) => new Request("http://127.0.0.1/", { headers: { cookie } });

test("the refresh cookie is out of reach of scripts and other sites, and on HTTPS of other hosts", () => {
  expect(plain.write("abc")).toBe("hubbub_refresh=abc; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict");
  expect(secure.write("abc")).toBe(
    "__Host-hubbub_refresh=abc; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict; Secure",
  );
});

test("taking the cookie away keeps its name and attributes, or browsers would keep it", () => {
  expect(plain.write(null)).toBe("hubbub_refresh=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict");
  expect(secure.write(null)).toBe("__Host-hubbub_refresh=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure");
});

test("the cookie is found among others by its whole name; an empty one is none", () => {
  expect(plain.read(requestWith("a=1; hubbub_refresh=abc; b=2"))).toBe("abc");
  expect(secure.read(requestWith("hubbub_refresh=other; __Host-hubbub_refresh=abc"))).toBe("abc");
  for (const none of ["", "hubbub_refresh=", "xhubbub_refresh=abc", "hubbub_refresh2=abc", "hubbub_refresh"])
    expect(plain.read(requestWith(none))).toBeUndefined();
});
