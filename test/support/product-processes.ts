import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEM_FOLDER = '/var/lib/tallywatt';
/** What a start command runs, below the repository's root. */
export const SCRIPTS = {
  csms: 'services/csms/dist/bundle/main.js',
  settlement: 'services/settlement/dist/bundle/main.js',
} as const;

/** A process of the product that a harness may kill. */
export type VictimName = keyof typeof SCRIPTS | 'postgres';
export const VICTIMS: readonly [VictimName, ...VictimName[]] = ['csms', 'settlement', 'postgres'];

/** Process id of a service under a start command (Linux: /proc), or of the data folder's postmaster; undefined when it is down. */
export function pidOf(victim: VictimName, startPid: number, dataFolder: string): number | undefined {
  if (victim === 'postgres') return postmaster(dataFolder)?.pid;
  return childrenOf(startPid).find((pid) => processText(pid, 'cmdline').includes(SCRIPTS[victim]));
}

/** URL of the built-in PostgreSQL as its owner, over the Unix socket that postmaster.pid names. */
export function databaseUrlOf(dataFolder: string): string {
  const found = postmaster(dataFolder);
  if (found === undefined) throw new Error(`no PostgreSQL runs on ${dataFolder}`);
  return `postgresql://tallywatt@${encodeURIComponent(found.socketFolder)}/postgres`;
}

function postmaster(dataFolder: string): { pid: number; socketFolder: string } | undefined {
  const file = join(clusterOf(dataFolder), 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  // Lines: pid, data folder, start time, port, socket folder.
  const [pid, , , , socketFolder] = readFileSync(file, 'utf8').split('\n');
  // A server that is just starting has not written all lines yet.
  return socketFolder?.startsWith('/') === true ? { pid: Number(pid), socketFolder } : undefined;
}

/** Root keeps the cluster outside the data folder. */
function clusterOf(dataFolder: string): string {
  const id = join(dataFolder, 'database-id');
  if (!existsSync(id)) return join(dataFolder, 'pg');
  return join(SYSTEM_FOLDER, readFileSync(id, 'utf8').trim(), 'pg');
}

/** Children, and theirs, as long as they live. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** What the kernel tells of a process, parts divided by U+0000; empty when it is gone. */
export function processText(pid: number, what: 'cmdline' | 'environ' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return '';
  }
}
