import { defaultWeights } from '../../server/retrieval/fuse-scores.ts';
import type { AnswersEntry } from './answers-report.ts';
import type { AskedQuestion } from './ask-for-answers.ts';
import { refusalCurve, refusedAt } from './refusal-curve.ts';

type Measured = { set: string; documents: number; isHeldOut: boolean; asked: AskedQuestion[] };

/** Wrong refusals, in percent, at which the curve is read. */
export const wrongRefusalsRead = [2, 5, 8, 12];
const MOST_CURVE_POINTS = 100;

export function toAnswersEntry({ set, documents, isHeldOut, asked }: Measured): AnswersEntry {
  const yes = asked.filter(({ answerable }) => answerable);
  const no = asked.filter(({ answerable }) => !answerable);
  const probabilities = (of: AskedQuestion[]) => of.map(({ probability }) => probability);
  const curve = refusalCurve(probabilities(yes), probabilities(no));
  const answered = asked.filter(one => !isRefused(one));
  const within = (most: number) => percent(yes, ({ rank }) => rank !== null && rank <= most);
  return {
    set,
    documents,
    answerable: yes.length,
    unanswerable: no.length,
    isHeldOut,
    isRead: percent(asked, ({ language }) => defaultWeights.modelLanguages.includes(language ?? 'en')) > 50,
    inSentences: [within(1), within(2), within(3)],
    inQuotes: percent(yes, ({ isQuoted }) => isQuoted),
    words: round(asked.reduce((sum, { words }) => sum + words, 0) / Math.max(1, asked.length)),
    auc: Math.round(10_000 * curve.auc) / 10_000,
    refusedAt: Object.fromEntries(
      wrongRefusalsRead.map(most => [most, no.length === 0 ? 0 : round(100 * refusedAt(curve, most / 100))]),
    ),
    refused: percent(no, isRefused),
    wronglyRefused: percent(yes, isRefused),
    wrongAnswers: percent(answered, ({ answerable, isQuoted }) => !answerable || !isQuoted),
    curve: thin(
      curve.points.map(point => ({
        wrongRefusals: round(100 * point.wrongRefusals),
        refused: round(100 * point.refused),
      })),
    ),
    questions: asked.map(({ isQuoted: _, words: __, language: ___, ...question }) => question),
  };
}

const isRefused = ({ verdict }: AskedQuestion) => verdict === 'missing' || verdict === 'thin';

const round = (value: number) => Math.round(100 * value) / 100;

function percent<Item>(items: Item[], has: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : round((100 * items.filter(has).length) / items.length);
}

/** Enough for a plot. */
function thin<Point>(points: Point[]): Point[] {
  const step = Math.max(1, Math.ceil(points.length / MOST_CURVE_POINTS));
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
