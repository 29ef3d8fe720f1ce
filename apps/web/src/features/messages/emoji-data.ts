import emoji from "emojibase-data/en/data.json";
import messages from "emojibase-data/en/messages.json";
import type { EmojiData } from "frimousse";

/** Newer ones are missing from many a device's fonts. */
const newest = 15.1;
/** Skin tones and hair alone. */
const components = 2;

/** All emoji that are offered, from within the page: nothing is asked of anyone else. */
export const emojiData: EmojiData = {
  locale: "en",
  emojis: emoji.flatMap(({ emoji, group, label, tags = [], version }) =>
    group === undefined || group === components || version > newest
      ? []
      : [{ emoji, category: group, label, tags, version }],
  ),
  categories: messages.groups
    .filter(({ order }) => order !== components)
    .map(({ order, message }) => ({ index: order, label: message.charAt(0).toUpperCase() + message.slice(1) })),
  skinTones: {
    light: "Light",
    "medium-light": "Medium-light",
    medium: "Medium",
    "medium-dark": "Medium-dark",
    dark: "Dark",
  },
};
