/** The value below which `share` of the values lie (nearest rank). @throws when there is none */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('no value was measured');
  return value;
}

/** One timed stretch of a load. */
export interface Stretch {
  readonly units: number;
  readonly elapsedMs: number;
  /** CPU that the measured processes used for it; undefined where the system does not say. */
  readonly cpuMs: number | undefined;
}

export function perSecond({ units, elapsedMs }: Stretch): number {
  return (units * 1000) / elapsedMs;
}

/** CPU microseconds of one unit. */
export function cpuUsPerUnit({ units, cpuMs }: Stretch): number | undefined {
  return cpuMs === undefined || units === 0 ? undefined : (cpuMs * 1000) / units;
}

/** On a shared machine the fastest of alternating rounds is the one that was disturbed least. */
export function fastest(rounds: readonly Stretch[]): Stretch {
  const [best] = rounds.toSorted((left, right) => perSecond(right) - perSecond(left));
  if (best === undefined) throw new Error('no round was measured');
  return best;
}
