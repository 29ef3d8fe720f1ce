/** What texts of one language are made of. */
export interface Language {
  readonly name: string;
  /** Of a hundred conversations, how many are held in it. */
  readonly share: number;
  /** The usual words, the most usual first. */
  readonly words: readonly string[];
  /** What rare words are put together from. */
  readonly syllables: readonly string[];
  /** What stands between words; nothing in scripts without spaces. */
  readonly space: " " | "";
  readonly stop: string;
}

const list = (words: string): string[] => words.split(" ");

export const languages: readonly Language[] = [
  {
    name: "English",
    share: 50,
    words: list(
      "the to and a of is it that in you for on we this with have be are not at but can if so will what was just they there about one when all from do time or up out get meeting as would like how some could now see know also an by need here then think want today tomorrow more our please should good back over after well new really thanks work right deploy release server review before still which week only into someone morning maybe look because report other customer budget sure question team first tests failing branch database office lunch coffee ticket bug done great yes no",
    ),
    syllables: list("ba con der est fin gar hol in jun ker lan mor net or pel qui ros sten tor ul ver win yar zen"),
    space: " ",
    stop: ".",
  },
  {
    name: "German",
    share: 15,
    words: list(
      "die der und ich das ist nicht es wir du in zu mit auf den ein für haben eine auch wie so an noch kann dass aber von sie oder heute bei schon wenn nur was morgen mal im dann als danke bitte jetzt gut hier mehr ja nein Besprechung Frage Straße können müssen schön größer über nächste Woche Rückmeldung Büro prüfen fertig Kunde Fehler",
    ),
    syllables: list("auf ber chen den eit fal ge hei keit lich mung nis ober prä rück schaf tig ung ver wort zeit"),
    space: " ",
    stop: ".",
  },
  {
    name: "Spanish",
    share: 10,
    words: list(
      "de que la el en y a los se no un por con una para es lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también hasta hay donde quien desde todo nos durante todos uno mañana reunión gracias hola niño año día aquí después equipo trabajo cliente prueba listo",
    ),
    syllables: list("al ca ción do es fo gu ha in jo la mi na ño par que ro sa ta vi za"),
    space: " ",
    stop: ".",
  },
  {
    name: "Russian",
    share: 10,
    words: list(
      "и в не на я что с это как по но мы за у так к вы же от для да все о есть если нет уже или когда завтра сегодня можно надо спасибо хорошо работа встреча вопрос сервер ошибка проверить готово пожалуйста потом после очень",
    ),
    syllables: list("бе ва го дра ень жи за ист ка ло ми ность об пре ро ста тель уч фор хо це чи ше"),
    space: " ",
    stop: ".",
  },
  {
    name: "Japanese",
    share: 5,
    words: list(
      "の は に を た が で て と し れ さ ある いる も する から な こと 日本 会議 明日 今日 確認 お願い ありがとう 時間 東京 資料 電話",
    ),
    syllables: list("開 発 計 画 連 絡 問 題 完 了 作 業 予 定 報 告 検 索 画 面 修 正"),
    space: "",
    stop: "。",
  },
  {
    name: "Chinese",
    share: 5,
    words: list("的 我 是 不 了 在 有 人 这 他 们 我们 明天 今天 会议 谢谢 可以 没有 问题 时间 工作 北京 测试 服务器"),
    syllables: list("项 目 计 划 客 户 更 新 完 成 错 误 检 查 报 告 数 据 发 布 讨 论"),
    space: "",
    stop: "。",
  },
  {
    name: "Arabic",
    share: 3,
    words: list("في من على إلى أن هذا مع ما لا كان هل نعم شكرا غدا اليوم اجتماع العمل سؤال الوقت مرحبا بعد قبل"),
    syllables: list("با تا ثم جا حد خر دا را زي سم شا صل طر عا غي فر قو كت لم نو"),
    space: " ",
    stop: ".",
  },
  {
    name: "Hindi",
    share: 2,
    words: list("है के में की से का को और पर यह नहीं कि भी एक हम कल आज समय काम बैठक धन्यवाद सवाल ठीक बाद"),
    syllables: list("कर गा चल जन टी तक दर नम पर बात मन रह लग वि सम हर"),
    space: " ",
    stop: "।",
  },
];

/** A language's words, usual and rare, so many of them, the most usual first and none twice. */
export function vocabularyOf({ words, syllables }: Language, size: number, random: () => number): string[] {
  const all = new Set(words);
  const one = () => syllables[Math.floor(random() * syllables.length)] ?? "";
  while (all.size < size) {
    let word = one() + one();
    for (let more = Math.floor(random() * 3); more > 0; more--) word += one();
    all.add(word);
  }
  return [...all].slice(0, size);
}
