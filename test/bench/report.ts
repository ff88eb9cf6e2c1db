import { writeFileSync } from 'node:fs';

export interface Figure {
  readonly value: number;
  readonly unit: string;
}
export interface NamedFigure extends Figure {
  readonly name: string;
}

/** A further figure with a goal of its own; `goal` undefined = shown only. */
export interface Check extends NamedFigure {
  readonly goal?: { readonly atMost: number };
}

/** What must hold: of the ratio to the limit, or of our own figure. */
export interface Goal {
  readonly of: 'ratio' | 'ours';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Measured beside its limit in one run. */
export interface Measured {
  readonly bench: string;
  readonly limit: NamedFigure;
  readonly ours: Figure;
  readonly goal: Goal;
  /** CPU microseconds of one unit; undefined where the system does not say. */
  readonly cpu: { readonly oursUs: number | undefined; readonly limitUs: number | undefined };
  readonly also: readonly Check[];
}

/** Shape of the `--json` file. */
export interface BenchReport {
  readonly bench: string;
  readonly limit: NamedFigure;
  readonly ours: Figure;
  readonly ratio: number;
  readonly goal: number;
  readonly met: boolean;
  readonly cpu: { readonly oursUs: number | null; readonly limitUs: number | null; readonly ratio: number | null };
  readonly also: readonly (NamedFigure & { readonly goal: number | null; readonly met: boolean | null })[];
}

/** @throws when the limit is no positive number: a ratio to nothing says nothing. */
export function reportOf(measured: Measured): BenchReport {
  const { bench, limit, ours, goal, cpu } = measured;
  if (!(limit.value > 0) || !Number.isFinite(ours.value)) throw new Error(`${bench}: nothing was measured`);
  const ratio = ours.value / limit.value;
  const also = measured.also.map(({ name, value, unit, goal }) => ({
    name,
    value,
    unit,
    goal: goal?.atMost ?? null,
    met: goal === undefined ? null : value <= goal.atMost,
  }));
  const isMet = holds(goal, goal.of === 'ratio' ? ratio : ours.value) && also.every(({ met }) => met !== false);
  return {
    bench,
    limit,
    ours,
    ratio,
    goal: goal.atLeast ?? goal.atMost ?? 0,
    met: isMet,
    cpu: { oursUs: cpu.oursUs ?? null, limitUs: cpu.limitUs ?? null, ratio: quotient(cpu.limitUs, cpu.oursUs) },
    also,
  };
}

function holds({ atLeast, atMost }: Goal, value: number): boolean {
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
}

function quotient(left: number | undefined, right: number | undefined): number | null {
  return left === undefined || right === undefined || right === 0 ? null : left / right;
}

/** The report as a person reads it, ratio first. */
export function linesOf(report: BenchReport): readonly string[] {
  const { cpu, limit, ours } = report;
  const cpuLine = `CPU per unit: ours ${micros(cpu.oursUs)}, limit ${micros(cpu.limitUs)}`;
  return [
    `${report.bench}: ratio ${round(report.ratio)} (goal ${report.goal}): ${report.met ? 'met' : 'NOT MET'}`,
    `  ours   ${round(ours.value)} ${ours.unit}`,
    `  limit  ${round(limit.value)} ${limit.unit} (${limit.name})`,
    `  ${cpuLine}${cpu.ratio === null ? '' : `, ratio ${round(cpu.ratio)}`}`,
    ...report.also.map(({ name, value, unit, goal, met }) => {
      const verdict = goal === null ? '' : ` (at most ${goal}): ${met === true ? 'met' : 'NOT MET'}`;
      return `  ${name}: ${round(value)} ${unit}${verdict}`;
    }),
  ];
}

function micros(value: number | null): string {
  return value === null ? 'unknown' : `${round(value)} µs`;
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toString() : value.toFixed(2);
}

/** Prints, and writes the JSON file when one is wanted. */
export function publish(report: BenchReport, jsonFile: string | undefined): void {
  for (const line of linesOf(report)) console.log(line);
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
}
