import type { VictimName } from '../support/product-processes.js';

/** The named failpoints by their number in docs/decisions/009-named-failpoints.md, and the process that dies there. */
export const FAILPOINTS = {
  K1: { name: 'frameReceived', victim: 'csms' },
  K2: { name: 'stopCommitted', victim: 'csms' },
  K3: { name: 'beforeRelay', victim: 'csms' },
  K4: { name: 'jobAdded', victim: 'csms' },
  K5: { name: 'jobClaimed', victim: 'settlement' },
  K10: { name: 'blockWritten', victim: 'settlement' },
  K11: { name: 'projectionHalf', victim: 'settlement' },
  K12: { name: 'rowNotCompleted', victim: 'settlement' },
  K13: { name: 'finalNotReported', victim: 'settlement' },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly victim: VictimName }>>;

export type KillPoint = keyof typeof FAILPOINTS;
export const KILL_POINTS = Object.keys(FAILPOINTS) as KillPoint[];

/** Name of the diagnostics channel that a service publishes on. */
export function channelOf(name: string): string {
  return `tallywatt:${name}`;
}
