import { levelAt } from './measures.js';
import type { Curve } from './run-figure.js';

/** `scenario,seed,n,evaluation`: every value behind a figure, six decimals as the ledger keeps them. */
export function csvOf(curves: readonly Curve[]): string {
  const rows = curves.flatMap(({ scenario, levels }) =>
    levels.flatMap((row, seed) => row.map((_, n) => `${scenario.key},${seed + 1},${n},${levelAt(row, n).toFixed(6)}`)),
  );
  return `scenario,seed,n,evaluation\n${rows.join('\n')}\n`;
}
