import { levelAt, meanAt } from './measures.js';
import type { Curve } from './run-figure.js';
import type { Figure } from './scenarios.js';

const WIDTH = 900;
const HEIGHT = 560;
const PLOT = { left: 70, top: 78, right: 872, bottom: 486 };
const LEVEL_TOP = 5;
const RATINGS_PER_TICK = 50;
/** Widest that a character of the legend is on average, in pixels. */
const LABEL_CHARACTER_WIDTH = 7;
/** Distinct in colour and, for those who do not see it, in dashes. */
const STROKES = [
  { colour: '#1f5fa8', dash: '' },
  { colour: '#c2571a', dash: '10 4' },
  { colour: '#3a7d44', dash: '3 4' },
];

/** A figure as SVG: the mean over seeds as a line, the lowest and highest seed as a band behind it. */
export function chartOf(figure: Figure, curves: readonly Curve[]): string {
  const seeds = curves[0]?.levels.length ?? 0;
  const last = (curves[0]?.levels[0]?.length ?? 1) - 1;
  const note = `Lines: mean of ${seeds} seeds. Bands: lowest and highest seed.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="14" fill="#222">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    textAt(PLOT.left, 28, figure.title, 'font-size="19" font-weight="bold"'),
    textAt(PLOT.left, 50, figure.caption),
    textAt(PLOT.left, 69, note, 'font-size="12" fill="#666"'),
    ...axes(last),
    ...curves.map((curve, index) => bandOf(curve, last, index)),
    ...curves.map((curve, index) => lineOf(curve, last, index)),
    ...legend(curves),
    '</svg>',
    '',
  ].join('\n');
}

function axes(last: number): string[] {
  const middle = (PLOT.top + PLOT.bottom) / 2;
  const levels = Array.from({ length: LEVEL_TOP + 1 }, (_, level) => level);
  const counts = Array.from({ length: Math.floor(last / RATINGS_PER_TICK) + 1 }, (_, tick) => tick * RATINGS_PER_TICK);
  return [
    ...levels.flatMap((level) => [
      `<path d="M${PLOT.left} ${y(level)}H${PLOT.right}" stroke="${level === 0 ? '#222' : '#ddd'}"/>`,
      textAt(PLOT.left - 10, y(level) + 5, String(level), 'text-anchor="end"'),
    ]),
    `<path d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}" stroke="#222"/>`,
    ...counts.flatMap((n) => [
      `<path d="M${x(n, last)} ${PLOT.bottom}v6" stroke="#222"/>`,
      textAt(x(n, last), PLOT.bottom + 22, String(n), 'text-anchor="middle"'),
    ]),
    textAt((PLOT.left + PLOT.right) / 2, PLOT.bottom + 50, 'ratings n', 'text-anchor="middle"'),
    textAt(24, middle, 'evaluation R', `text-anchor="middle" transform="rotate(-90 24 ${middle})"`),
  ];
}

function lineOf({ levels }: Curve, last: number, index: number): string {
  const points = Array.from({ length: last + 1 }, (_, n) => point(n, meanAt(levels, n), last));
  const { colour, dash } = strokeOf(index);
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash}"/>`;
}

function bandOf({ levels }: Curve, last: number, index: number): string {
  const edge = (pick: (...values: number[]) => number) =>
    Array.from({ length: last + 1 }, (_, n) => point(n, pick(...levels.map((row) => levelAt(row, n))), last));
  const outline = [...edge(Math.max), ...edge(Math.min).toReversed()];
  return `<polygon points="${outline.join(' ')}" fill="${strokeOf(index).colour}" fill-opacity="0.13"/>`;
}

/** Bottom right, where no curve that climbs passes; a white ground keeps it readable. */
function legend(curves: readonly Curve[]): string[] {
  const rowHeight = 24;
  const width = 72 + LABEL_CHARACTER_WIDTH * Math.max(...curves.map(({ scenario }) => scenario.label.length));
  const left = PLOT.right - 12 - width;
  const top = PLOT.bottom - 16 - curves.length * rowHeight;
  return [
    `<rect x="${left}" y="${top}" width="${width}" height="${curves.length * rowHeight + 8}" fill="#fff" stroke="#ccc"/>`,
    ...curves.flatMap(({ scenario }, index) => {
      const row = top + 20 + index * rowHeight;
      const { colour, dash } = strokeOf(index);
      return [
        `<path d="M${left + 12} ${row - 5}h36" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash}"/>`,
        textAt(left + 58, row, scenario.label, 'font-size="13"'),
      ];
    }),
  ];
}

function strokeOf(index: number): (typeof STROKES)[number] {
  return STROKES[index % STROKES.length] ?? { colour: '#222', dash: '' };
}

function point(n: number, level: number, last: number): string {
  return `${x(n, last)},${y(level)}`;
}

function x(n: number, last: number): number {
  return rounded(PLOT.left + ((PLOT.right - PLOT.left) * n) / last);
}

function y(level: number): number {
  return rounded(PLOT.bottom - ((PLOT.bottom - PLOT.top) * level) / LEVEL_TOP);
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function textAt(left: number, baseline: number, text: string, attributes = ''): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${left}" y="${baseline}" ${attributes}>${escaped}</text>`;
}
