import type { AnswersEntry } from '../answers/answers-report.ts';
import { formatAnswers } from './format-answers.ts';

const SIZE = 420;
const MARGIN = 48;
const colours = ['#1f6feb', '#b35900', '#2b8a3e', '#a3359b', '#0b7285', '#c92a2a'];

/** The report of answers as one page that needs nothing else: the curve of each set, and all figures. */
export function renderAnswers(entries: AnswersEntry[]): string {
  const ticks = [0, 20, 40, 60, 80, 100].map(
    value =>
      `<text x="${toX(value)}" y="${MARGIN + SIZE + 18}" text-anchor="middle">${value}</text>` +
      `<text x="${MARGIN - 8}" y="${toY(value) + 4}" text-anchor="end">${value}</text>` +
      `<path class="axis" d="M${MARGIN},${toY(value)}h${SIZE}M${toX(value)},${MARGIN}v${SIZE}"/>`,
  );
  const curves = entries.map(({ set, curve, auc }, index) => {
    const colour = colours[index % colours.length];
    const path = curve.map(({ wrongRefusals, refused }) => `${toX(wrongRefusals)},${toY(refused)}`).join(' ');
    return (
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      `<text x="${MARGIN + SIZE + 16}" y="${MARGIN + 20 + 22 * index}" style="fill:${colour}">${escapeHtml(set)}, AUC ${auc.toFixed(3)}</text>`
    );
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lectern: answers and refusals</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
pre { overflow-x: auto; } svg { max-width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; }
.axis { stroke: #d9d9de; }
</style>
<h1>Wrong answers against wrong refusals</h1>
<p>Refused of the questions without an answer (upwards) by refused of those with one (to the right), in percent.</p>
<svg role="img" aria-label="Refused without an answer by refused with one" viewBox="0 0 ${SIZE + 330} ${SIZE + 90}" width="${SIZE + 330}">
${ticks.join('\n')}
${curves.join('\n')}
</svg>
<pre>${escapeHtml(formatAnswers(entries))}</pre>
</html>
`;
}

const toX = (value: number) => MARGIN + (value / 100) * SIZE;
const toY = (value: number) => MARGIN + SIZE - (value / 100) * SIZE;

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
