export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** What the paper, or its independent count, says; and what was measured beside it. */
export interface Measurement {
  /** Names the statement: `figure-6/order`. */
  readonly bench: string;
  readonly text: string;
  readonly limit: Quantity & { readonly name: string };
  readonly ours: Quantity;
  /** Bounds of ours / limit, both allowed. */
  readonly goal: { readonly min?: number; readonly max?: number };
}

/** A statement of the paper that was kept, or broken. */
export interface Statement extends Measurement {
  readonly ratio: number;
  readonly met: boolean;
}

/** Compares what was measured with what is said; a value that is no number keeps nothing. */
export function judge(measurement: Measurement): Statement {
  const { limit, ours, goal } = measurement;
  const ratio = ours.value / limit.value;
  const met = ratio >= (goal.min ?? Number.NEGATIVE_INFINITY) && ratio <= (goal.max ?? Number.POSITIVE_INFINITY);
  return { ...measurement, ratio, met };
}

/** `kept   figure-6/order  20 seeds  value of mean 4 > 3 > 2 … (seeds: 20 seeds)` */
export function printed({ bench, text, limit, ours, met }: Statement): string {
  const verdict = met ? 'kept  ' : 'BROKEN';
  return `${verdict} ${bench.padEnd(28)} ${shown(ours).padEnd(18)} ${text} (${limit.name}: ${shown(limit)})`;
}

function shown({ value, unit }: Quantity): string {
  const number = Number.isInteger(value) ? String(value) : Number.isFinite(value) ? value.toFixed(3) : 'never';
  return `${number} ${unit}`.trim();
}
