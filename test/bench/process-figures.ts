import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts CPU in ticks of 10 ms. */
const MS_PER_TICK = 10;
const PAGE_BYTES = 4096;

export interface ProcessStat {
  readonly parentPid: number;
  /** Its own, and that of its children that have ended. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** Reads a line of `/proc/PID/stat`; the command in it may hold blanks and brackets. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const [parentPid, rssPages] = [Number(fields[1]), Number(fields[21])];
  if (Number.isNaN(ticks + parentPid + rssPages)) throw new Error(`unreadable process figures: ${text}`);
  return { parentPid, cpuMs: ticks * MS_PER_TICK, rssBytes: rssPages * PAGE_BYTES };
}

/** undefined when the process has ended, or this is not Linux. */
export function statOf(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** CPU so far of these processes and all below them; undefined when one of them cannot be read. */
export function cpuMsOf(pids: readonly number[]): number | undefined {
  if (pids.length === 0 || pids.some((pid) => statOf(pid) === undefined)) return undefined;
  const all = pids.flatMap((pid) => [pid, ...descendantsOf(pid)]);
  return all.reduce((sumMs, pid) => sumMs + (statOf(pid)?.cpuMs ?? 0), 0);
}

/** All processes below this one, by the parents that `/proc` names now. */
export function descendantsOf(ancestor: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parentPid = /^\d+$/.test(name) ? statOf(Number(name))?.parentPid : undefined;
    if (parentPid !== undefined) children.set(parentPid, [...(children.get(parentPid) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let next: number[] = [ancestor]; next.length > 0; found.push(...next))
    next = next.flatMap((pid) => children.get(pid) ?? []);
  return found;
}

/** The descendant that runs this script. @throws when there is none */
export function descendantRunning(ancestor: number, script: string): number {
  const found = descendantsOf(ancestor).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .some((argument) => argument.endsWith(script)),
  );
  if (found === undefined) throw new Error(`no process runs ${script}`);
  return found;
}

/** Holds a process and all of its threads to one core, where `taskset` is there. @returns whether it does */
export function pin(pid: number, core: number): boolean {
  return spawnSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' }).status === 0;
}
