import type { Caller } from '@tallywatt/contracts';
import { invoke } from './invoke.js';
import type { Simulation } from './simulation.js';
import type { StateReader, VersionedEntry, VersionedValue } from './state-reader.js';
import { conflictOf, type ConflictCode } from './validate.js';

/** World state in memory with Fabric's validation at commit: what specs and experiments run the contract on. */
export class MemoryLedger implements StateReader {
  private readonly state = new Map<string, VersionedValue>();
  private block = 0;

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, VersionedValue>> {
    const found = new Map<string, VersionedValue>();
    for (const key of keys) {
      const value = this.state.get(key);
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  async range(start: string, end: string, limit: number): Promise<readonly VersionedEntry[]> {
    return [...this.state]
      .filter(([key]) => key >= start && key < end)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([key, found]) => ({ key, ...found }));
  }

  /** Validates against the current state, then writes: one block of one transaction. */
  async commit(simulation: Simulation): Promise<'VALID' | ConflictCode> {
    const conflict = await conflictOf(simulation, this);
    const version = `${this.block++}:0`;
    if (conflict !== undefined) return conflict;
    for (const { key, value } of simulation.writeSet) {
      if (value === null) this.state.delete(key);
      else this.state.set(key, { value, version });
    }
    return 'VALID';
  }

  /** Simulates against the current state, without committing. */
  simulate(fn: string, args: unknown, caller: Caller, timestampMs: number): Promise<Simulation> {
    const txId = String(this.block).padStart(64, '0');
    return invoke({ txId, timestampMs, fn, args: JSON.stringify(args) }, caller, this);
  }
}
