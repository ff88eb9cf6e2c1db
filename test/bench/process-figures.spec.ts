import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuMsOf, descendantRunning, descendantsOf, parseStat, statOf } from './process-figures.js';

const LINE =
  '4711 (odd ) name) S 42 1 1 0 -1 4194304 100 0 0 0 250 50 7 9 20 0 11 0 123 1000000 2048 18446744073709551615 1 1';

describe('process figures', () => {
  it('reads parent, CPU and memory behind a name with blanks and brackets', () => {
    expect(parseStat(LINE)).toEqual({ parentPid: 42, cpuMs: 3160, rssBytes: 8_388_608 });
  });

  it('finds a child and its figures, and nothing once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    await once(child, 'spawn');
    expect(descendantsOf(process.pid)).toContain(pid);
    expect(statOf(pid)?.parentPid).toBe(process.pid);
    expect(cpuMsOf([pid, process.pid])).toBeGreaterThan(0);
    expect(() => descendantRunning(pid, 'main.js')).toThrow('no process runs main.js');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(descendantsOf(process.pid)).not.toContain(pid);
    expect(cpuMsOf([pid])).toBeUndefined();
    expect(cpuMsOf([])).toBeUndefined();
  });
});
