/** Words that turn a statement into its opposite: negations, and pairs such as "increase" and "decrease". */

const negators = new Set(
  (
    "not no never none neither nor without cannot n't lack lacks lacked lacking fail fails failed " +
    'nicht kein keine keinen keiner keinem keines nie niemals ohne weder ' +
    'ne pas jamais aucun aucune sans ni nunca sin ningún ninguna ninguno jamás tampoco ' +
    'non mai senza nessun nessuna não nem nenhum nenhuma sem niet geen nooit zonder не нет без никогда'
  ).split(' '),
);
/** Negation in scripts without spaces. */
const negatedScript = /[不没沒无無未非]|ない|ません|なかった|않|없|못|아니/;

export function isNegator(word: string): boolean {
  return negators.has(word) || word.endsWith("n't") || negatedScript.test(word);
}

/** On one axis: words of one side contradict those of the other. English and German, by the beginnings of words. */
const axes: [name: string, positive: string, negative: string][] = [
  [
    'amount',
    'increas rais rise rising rose risen grow grew high higher highest more most great greater greatest elevat enhanc upregulat up-regulat improv boost gain gained expand larger longer accelerat strengthen augment potentiat promot stimulat induc activat ' +
      'steig stieg gestiegen erhöh höher mehr größer zunahm zugenommen zunehm wächst gewachsen wuchs',
    'decreas reduc lower lowest declin drop fall fell fallen less least fewer few fewest diminish downregulat down-regulat worsen shrink smaller shorter decelerat weaken attenuat suppress inhibit impair low deplet minimi prevent block abolish repress ' +
      'sink sank gesunken senk verringer niedriger weniger kleiner abnahm abgenommen abnehm reduzier schrumpf',
  ],
  [
    'permission',
    'allow permit erlaub gestatt zulässig',
    'forbid forbidden prohibit disallow ban banned denied deny verboten verbiet untersag unzulässig',
  ],
  [
    'presence',
    'includ contain present enthält enthalten',
    'exclud absent absence missing fehl ausgeschlossen',
  ],
  ['order', 'before earlier prior vor vorher früher', 'after later nach nachher später'],
  ['bound', 'maximum maxim upper höchstens', 'minimum minim mindestens'],
  ['switch', 'enabl open opened opens on', 'disabl close closed closes off'],
  ['duty', 'required mandatory obligatory must pflicht verpflicht', 'optional voluntary freiwillig'],
  ['success', 'succeed success erfolgreich', 'fail failure unsuccessful gescheitert scheiter'],
  ['link', 'associated linked correlates', 'unrelated independent uncorrelated'],
];

/** So short that they are whole words only. */
const shortest = 5;
export type Side = { axis: string; sign: 1 | -1 };
const sides = axes.flatMap(([axis, positive, negative]) => [
  ...positive.split(' ').map((word): [string, Side] => [word, { axis, sign: 1 }]),
  ...negative.split(' ').map((word): [string, Side] => [word, { axis, sign: -1 }]),
]);
const exact = new Map(sides.filter(([word]) => word.length < shortest));
const beginnings = sides.filter(([word]) => word.length >= shortest);

/** Which side of which axis a word in lower case is on. */
export function sideOf(word: string): Side | undefined {
  return exact.get(word) ?? beginnings.find(([beginning]) => word.startsWith(beginning))?.[1];
}
