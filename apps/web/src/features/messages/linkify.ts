export type TextPart = { readonly text: string; readonly href?: string };

/** What comes after so many addresses stays text. */
const mostLinks = 100;

const candidate = /https?:\/\/[^\s<>"'`]+/gi;

/** Splits text at its web addresses. Only http and https become links; nothing in the text is ever taken for HTML. */
export function linkify(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(candidate)) {
    if (parts.length >= mostLinks * 2) break;
    const address = withoutTrailer(match[0]);
    if (!isWebAddress(address)) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Takes off what ends the sentence, and a bracket that was opened before the address. */
function withoutTrailer(address: string): string {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address.charAt(end - 1);
    if (".,;:!?*_~".includes(last)) continue;
    const open = { ")": "(", "]": "[", "}": "{" }[last];
    if (open === undefined || count(address, open, end) >= count(address, last, end)) break;
  }
  return address.slice(0, end);
}

function count(text: string, character: string, end: number): number {
  let found = 0;
  for (let i = 0; i < end; i++) if (text[i] === character) found++;
  return found;
}

function isWebAddress(text: string): boolean {
  const { protocol, hostname } = URL.parse(text) ?? { protocol: "", hostname: "" };
  return (protocol === "http:" || protocol === "https:") && hostname !== "";
}
