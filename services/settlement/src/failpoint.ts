import { channel } from 'node:diagnostics_channel';

/**
 * Moments of this service at which a crash could cost something: docs/decisions/009-named-failpoints.md says what. Reaching
 * one publishes on a channel of this process and nothing else. In a normal start nobody listens; what listens and kills is
 * code of the fault harness (test/faults), which a service never loads by itself.
 */
const FAILPOINTS = {
  jobClaimed: channel('tallywatt:jobClaimed'),
  blockWritten: channel('tallywatt:blockWritten'),
  projectionHalf: channel('tallywatt:projectionHalf'),
  rowNotCompleted: channel('tallywatt:rowNotCompleted'),
  finalNotReported: channel('tallywatt:finalNotReported'),
} as const;

/** The story has come to this moment. */
export function reach(point: keyof typeof FAILPOINTS): void {
  FAILPOINTS[point].publish(undefined);
}
