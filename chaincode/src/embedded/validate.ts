import type { Simulation } from './simulation.js';
import type { StateReader } from './state-reader.js';

export type ConflictCode = 'MVCC_READ_CONFLICT' | 'PHANTOM_READ_CONFLICT';

/** Fabric's check at commit: every version read is still the current one, every range still gives the same entries. */
export async function conflictOf(
  simulation: Pick<Simulation, 'readSet' | 'rangeReads'>,
  current: StateReader,
): Promise<ConflictCode | undefined> {
  const now = await current.getMany(simulation.readSet.map((read) => read.key));
  for (const { key, version } of simulation.readSet) {
    if ((now.get(key)?.version ?? null) !== version) return 'MVCC_READ_CONFLICT';
  }
  for (const { start, end, limit, seen } of simulation.rangeReads) {
    const entries = await current.range(start, end, limit);
    const same = entries.length === seen.length && seen.every((read, index) => sameRead(read, entries[index]));
    if (!same) return 'PHANTOM_READ_CONFLICT';
  }
  return undefined;
}

function sameRead(
  read: { key: string; version: string | null },
  entry: { key: string; version: string } | undefined,
): boolean {
  return entry?.key === read.key && entry.version === read.version;
}
