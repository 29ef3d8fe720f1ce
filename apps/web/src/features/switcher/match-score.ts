const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

const wordsOf = (text: string): readonly string[] => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/**
 * How well a name answers what is typed: whole beginnings before beginnings of words, then anywhere, then letters that
 * stand in it in their order. Case and accents do not count.
 * @returns more for a better one; undefined where it does not answer at all
 */
export function matchScore(typed: string, name: string): number | undefined {
  const wanted = fold(typed.trim());
  const held = fold(name);
  if (wanted === "") return 0;
  if (held.startsWith(wanted)) return 5000 - held.length;
  const words = wordsOf(held);
  const parts = wordsOf(wanted);
  if (parts.length > 0 && parts.every((part) => words.some((word) => word.startsWith(part)))) return 4000 - held.length;
  const at = held.indexOf(wanted);
  if (at >= 0) return 3000 - at;
  const spread = spreadOf(wanted.replace(/\s+/gu, ""), held);
  // letters far apart are no answer
  return spread === undefined || spread > wanted.length * 4 ? undefined : 2000 - spread;
}

/** How far the letters reach when each is taken as early as it can be. */
function spreadOf(wanted: string, held: string): number | undefined {
  const first = held.indexOf(wanted.charAt(0));
  let at = first - 1;
  for (const letter of wanted) {
    at = held.indexOf(letter, at + 1);
    if (at < 0) return undefined;
  }
  return at - first + 1;
}
