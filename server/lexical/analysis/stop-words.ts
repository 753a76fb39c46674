import lists from 'stopword';
import { foldText } from './fold-text.ts';
import { languageCode } from './stem-word.ts';

/** The lists of the package `stopword` are named by ISO 639-3. */
const listNames: Record<string, string> = {
  af: 'afr',
  ar: 'ara',
  bg: 'bul',
  bn: 'ben',
  ca: 'cat',
  cs: 'ces',
  da: 'dan',
  de: 'deu',
  el: 'ell',
  en: 'eng',
  es: 'spa',
  et: 'est',
  eu: 'eus',
  fa: 'fas',
  fi: 'fin',
  fr: 'fra',
  ga: 'gle',
  gl: 'glg',
  he: 'heb',
  hi: 'hin',
  hr: 'hrv',
  hu: 'hun',
  hy: 'hye',
  id: 'ind',
  it: 'ita',
  lt: 'lit',
  lv: 'lav',
  nb: 'nob',
  nl: 'nld',
  no: 'nob',
  pl: 'pol',
  pt: 'por',
  ro: 'ron',
  ru: 'rus',
  sk: 'slk',
  sl: 'slv',
  sv: 'swe',
  tl: 'tgl',
  tr: 'tur',
  uk: 'ukr',
  ur: 'urd',
  vi: 'vie',
};

/** Question words and what else the lists lack, by language. */
const additions: Record<string, string> = {
  en: 'the of to in on at by from a an is was were be been being am are do does did doing done has had having how what whats when where wheres which who whom whose whos why whatever can could should would will shall may might must i you he she it its we they them me my your his her our their us no not nor so than too very just there here if then because while until again once during below above down off few own ll ve re isnt arent wasnt werent dont doesnt didnt cant couldnt wont wouldnt shouldnt im youre hes shes thats theres ive id please tell give explain describe define list',
  de: 'was wer wen wem wessen wann wo wie warum wieso weshalb weswegen welche welcher welches welchem welchen wohin woher womit wodurch wofur wovon wozu worin woran worauf wieviel wieviele viele viel bitte',
  es: 'que quien quienes cual cuales cuando cuanto cuanta cuantos cuantas donde adonde como por es son fue fueron era eran ser esta este esto estos estas estan ha han habia se su sus la las lo los el un una unos unas al del en de y o u e con sin para hay cuyo cuya',
  fr: 'que quoi qui quel quelle quels quelles quand ou comment pourquoi combien lequel laquelle lesquels lesquelles est-ce',
  it: 'che cosa chi quale quali quando quanto quanta quanti quante dove come perche di a da in con su per tra fra e',
  pt: 'que quem qual quais quando quanto quanta quantos quantas onde como porque porquê e foi foram era sao é está',
  nl: 'wat wie wanneer waar hoe waarom welke welk hoeveel waarmee waardoor waarvoor wiens',
  ru: 'что кто когда где как почему какой какая какое какие каком каких сколько зачем чей чья чье куда откуда',
  pl: 'co kto kiedy gdzie jak dlaczego jaki jaka jakie ile czyj który która które',
  sv: 'vad vem när var hur varför vilken vilket vilka vems',
  da: 'hvad hvem hvornår hvor hvordan hvorfor hvilken hvilket hvilke',
  no: 'hva hvem når hvor hvordan hvorfor hvilken hvilket hvilke',
  nb: 'hva hvem når hvor hvordan hvorfor hvilken hvilket hvilke',
  fi: 'mikä mitä kuka milloin missä miten miksi kuinka mitkä kenen',
  tr: 'ne nedir kim kimdir nerede nasıl neden niçin hangi kaç mı mi mu mü',
  cs: 'co kdo kdy kde jak proč jaký jaká jaké kolik který která které',
};

/** Asked in Chinese, Japanese and Korean; written without spaces, so they are cut out of the question. */
const cjkQuestions =
  /什么时候|什麼時候|为什么|為什麼|怎么样|怎麼樣|什么|什麼|哪一个|哪一|哪些|哪个|哪個|哪里|哪裡|哪种|多少|几个|如何|怎么|怎麼|怎样|是否|请问|請問|何时|何種|なぜ|どのように|どのような|どこ|いつ|どの|だれ|誰が|ですか|ますか|무엇|누구|언제|어디|어떻게|왜|얼마나|어떤/g;

const sets = new Map<string, Set<string>>();

/** Words that tell nothing about what is asked, folded; empty for a language without a list. */
export function stopWordsOf(language: string): Set<string> {
  const code = languageCode(language);
  const known = sets.get(code);
  if (known) return known;
  const list = lists[listNames[code] ?? ''] ?? [];
  const words = [...list, ...(additions[code]?.split(' ') ?? [])].map(word =>
    foldText(word).replace(/'/g, ''),
  );
  const set = new Set(words);
  sets.set(code, set);
  return set;
}

/** The text without Chinese, Japanese and Korean question words. */
export function withoutCjkQuestions(text: string): string {
  return text.replace(cjkQuestions, ' ');
}
