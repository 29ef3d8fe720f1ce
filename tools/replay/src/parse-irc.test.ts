import { expect, test } from "bun:test";
import { type LogEntry, parseLine, parseLog } from "./parse-irc.ts";

// Real lines of #ubuntu (irc-disentanglement, CC BY 4.0), and the odd ones among them.
const lines: [string, LogEntry][] = [
  ["[09:56] <cowbud> Agrajag: hrmm 2k4", { kind: "message", nick: "cowbud", text: "Agrajag: hrmm 2k4" }],
  ["<wastrel> no time here", { kind: "message", nick: "wastrel", text: "no time here" }],
  ["[08:21] <jason>  do you have both enabled", { kind: "message", nick: "jason", text: " do you have both enabled" }],
  ["[22:23] <k1l> a > b <c> ", { kind: "message", nick: "k1l", text: "a > b <c> " }],
  ["[04:33] <x> === y is now known as z", { kind: "message", nick: "x", text: "=== y is now known as z" }],
  ["[02:44] <k_sze> my Xubunt\x1cu box.", { kind: "message", nick: "k_sze", text: "my Xubunt\x1cu box." }],
  ["[10:00] <x> one\u2028two", { kind: "message", nick: "x", text: "one\u2028two" }],
  ["[10:07] <bur[n] er> Scooter: nope", { kind: "message", nick: "bur[n]er", text: "Scooter: nope" }],
  ["[10:50] <[PervertedMonk] > lo all", { kind: "message", nick: "[PervertedMonk]", text: "lo all" }],
  ["[10:50] <Sa[i]nT> hi", { kind: "message", nick: "Sa[i]nT", text: "hi" }],
  ["[08:29] <unique>", { kind: "empty", nick: "unique" }],
  ["[08:29] <unique>  ", { kind: "empty", nick: "unique" }],
  ["[07:06]  * Daisuke_Ido headdesks", { kind: "action", nick: "Daisuke_Ido", text: "headdesks" }],
  ["[04:15]  * paulus68 **** never **** x", { kind: "action", nick: "paulus68", text: "**** never **** x" }],
  ["  * no_time waves", { kind: "action", nick: "no_time", text: "waves" }],
  ["=== cowbud is using debian atm", { kind: "action", nick: "cowbud", text: "is using debian atm" }],
  ["=== bur[n] er wonders if", { kind: "action", nick: "bur[n]er", text: "wonders if" }],
  ["=== [PervertedMonk]  is happy", { kind: "action", nick: "[PervertedMonk]", text: "is happy" }],
  ["=== vtg [vertigo@route6.alumina.nl]  has joined #ubuntu", { kind: "join", nick: "vtg" }],
  ["=== [99ers] Dragon06 [n=d@cpc3.belf.com]  has joined #ubuntu", { kind: "join", nick: "[99ers]Dragon06" }],
  ["=== [PervertedMonk]  [Monk-Lazy@137.158.87.69]  has joined #ubuntu", { kind: "join", nick: "[PervertedMonk]" }],
  ["=== Acu [n=acu07@71-215-165-178.roch.qwest.net]  has joined #Ubuntu", { kind: "join", nick: "Acu" }],
  ["=== MeMa|Sorcerer [~s@pD9FD0586.dip0.t-ipconnect.de]  has joined #ubuntu", { kind: "join", nick: "MeMa|Sorcerer" }],
  ['=== the_g_cat [~g@ip112.ish.de]  has left #ubuntu ["*blubber*"]', { kind: "part", nick: "the_g_cat" }],
  ["=== jcapote [~j@adsl.bellsouth.net]  has left #ubuntu []", { kind: "part", nick: "jcapote" }],
  ["=== cricket[] is now known as cricket[", { kind: "rename", nick: "cricket[]", to: "cricket[" }],
  ["=== freebsd_fan is now known as [a] freebsd_fan", { kind: "rename", nick: "freebsd_fan", to: "[a]freebsd_fan" }],
  ["=== netjoined: irc.freenode.net -> kornbluth.freenode.net", { kind: "server" }],
  ["=== mode/#ubuntu [-b *!*@cpe-66-66-21-94.rochester.res.rr.com]  by LjL", { kind: "server" }],
  ["", { kind: "blank" }],
  ["--- Log opened Tue Feb 08", { kind: "unknown" }],
  ["=== nobody", { kind: "unknown" }],
];

test.each(lines)("%j", (line, entry) => {
  expect(parseLine(line)).toEqual(entry);
});

test("a log has an entry for every line, whatever its line ends and broken bytes", () => {
  const bytes = Uint8Array.of(...new TextEncoder().encode("[09:56] <a> caf"), 0xe9, 0x0d, 0x0a, 0x0a, 0x3d, 0x0a);
  expect(parseLog(bytes)).toEqual([
    { kind: "message", nick: "a", text: "caf\ufffd" },
    { kind: "blank" },
    { kind: "unknown" },
  ]);
  expect(parseLog(new Uint8Array())).toEqual([]);
});
