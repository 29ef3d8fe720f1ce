/** Marks and what is left without them, in the order in which they are taken away. */
const marks: readonly (readonly [RegExp, string])[] = [
  [/```\w*\n?([\s\S]*?)(?:```|$)/g, "$1"],
  [/`([^`\n]+)`/g, "$1"],
  // what is told only to those who ask for it is not told in passing
  [/\|\|(?=\S)[^|]+\|\|/g, "▇▇▇"],
  [/!?\[([^\]\n]*)\]\([^)\s]*\)/g, "$1"],
  [/(?<!\\)(\*\*|~~)(?=\S)([^\n]*?\S)\1/g, "$2"],
  [/(^|[^\\\w*])([*_]{1,3})(?=\S)([^*_\n]*[^\\\s*_])\2(?!\w)/g, "$1$3"],
  [/^[ \t]*(?:>[ \t]?)+/gm, ""],
  [/\\([!-/:-@[-`{-~])/g, "$1"],
];

/** More than this is never shown in passing, UTF-16 units. */
const most = 400;

/** The beginning of a text without the marks of its Markdown, for where it is shown in passing. */
export function plainTextOf(text: string): string {
  return marks.reduce((plain, [mark, left]) => plain.replace(mark, left), text.slice(0, most));
}
