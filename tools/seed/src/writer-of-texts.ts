import { type Language, languages, vocabularyOf } from "./languages.ts";
import { ZipfChoice } from "./random.ts";

/** Words of one language. The most usual one makes a tenth of all. */
const VOCABULARY = 20_000;
const EMOJI = ["👍", "🎉", "😀", "🙏", "🚀", "😅", "❤️"];

/** Makes texts as people write them: words of one language in a Zipf distribution, now and then a link or an emoji. */
export class WriterOfTexts {
  readonly #random: () => number;
  readonly #words: readonly { readonly language: Language; readonly choice: ZipfChoice<string> }[];

  constructor(random: () => number) {
    this.#random = random;
    this.#words = languages.map((language) => ({
      language,
      choice: new ZipfChoice(vocabularyOf(language, VOCABULARY, random)),
    }));
  }

  /** @returns the number of a language, as often as it is spoken */
  pickLanguage(): number {
    let at = this.#random() * languages.reduce((sum, { share }) => sum + share, 0);
    return languages.findIndex(({ share }) => {
      at -= share;
      return at < 0;
    });
  }

  write(languageNumber: number): string {
    const { language, choice } = this.#words[languageNumber] ?? raise(languageNumber);
    // most are short and some are long: the product of two is small more often than great
    const length = 2 + Math.floor(28 * this.#random() * this.#random());
    let text = choice.pick(this.#random());
    for (let word = 1; word < length; word++) text += language.space + choice.pick(this.#random());
    text = text.charAt(0).toUpperCase() + text.slice(1) + language.stop;
    const more = this.#random();
    if (more < 0.02) return `${text} https://example.org/${Math.floor(this.#random() * 1e6).toString(36)}`;
    return more < 0.06 ? `${text} ${EMOJI[Math.floor(this.#random() * EMOJI.length)]}` : text;
  }

  emoji(): string {
    return EMOJI[Math.floor(this.#random() * EMOJI.length)] ?? "👍";
  }
}

function raise(language: number): never {
  throw new RangeError(`There is no language ${language}.`);
}
