import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NETWORK_MARK } from './supervisor/plan.js';

/** Asked kindly, a node closes its ledgers in less; then it is killed. */
export const GONE_MS_MAX = 15_000;
const POLL_MS = 50;

/** A process of a network, found by its mark; `NAME` tells nodes apart. */
export interface MarkedProcess {
  readonly pid: number;
  readonly environment: ReadonlyMap<string, string>;
}

/**
 * The living processes that carry a network's mark, read from /proc: also those whose supervisor was killed. No pid file
 * can say that, because pids are given again.
 */
export function markedProcesses(network: string): MarkedProcess[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const environment = environmentOf(entry);
    return environment?.get(NETWORK_MARK) === network ? [{ pid: Number(entry), environment }] : [];
  });
}

function environmentOf(pid: string): Map<string, string> | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A zombie has ended: only its parent has not noticed.
    if (/\) Z /.test(state)) return undefined;
    return new Map(
      text.split('\0').map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
    );
  } catch {
    // It ended while we looked, or belongs to somebody else.
    return undefined;
  }
}

/** Ends every process of a network and waits until the last is gone. */
export async function endMarkedProcesses(
  network: string,
  signal: NodeJS.Signals,
  goneMsMax = GONE_MS_MAX,
): Promise<void> {
  const deadline = performance.now() + goneMsMax;
  for (const { pid } of markedProcesses(network)) kill(pid, signal);
  while (markedProcesses(network).length > 0) {
    await sleep(POLL_MS);
    if (performance.now() > deadline) for (const { pid } of markedProcesses(network)) kill(pid, 'SIGKILL');
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
