import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseUrlOf, descendantsOf, pidOf, processText } from './product-processes.js';

describe('processes of the product', () => {
  let folder = '';
  const pidFile = (): string => join(folder, 'pg', 'postmaster.pid');
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tw-pids-'));
    mkdirSync(join(folder, 'pg'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are not there while nothing runs', () => {
    expect(pidOf('postgres', process.pid, folder)).toBeUndefined();
    expect(pidOf('csms', process.pid, folder)).toBeUndefined();
    expect(() => databaseUrlOf(folder)).toThrow('no PostgreSQL runs on');
  });

  it('are found with their own children, and read while they live', async () => {
    const child = spawn(process.execPath, ['-e', 'require("node:child_process").spawn("sleep", ["60"])'], {
      env: { MARK: 'here' },
      stdio: 'ignore',
    });
    const pid = child.pid ?? 0;
    while (descendantsOf(pid).length === 0) await sleep(20);
    expect(descendantsOf(process.pid)).toEqual(expect.arrayContaining([pid, ...descendantsOf(pid)]));
    expect(processText(pid, 'environ')).toContain('MARK=here');
    expect(processText(pid, 'cmdline')).toContain('sleep');
    const gone = once(child, 'exit');
    for (const one of [...descendantsOf(pid), pid]) process.kill(one, 'SIGKILL');
    await gone;
    expect(processText(pid, 'cmdline')).toBe('');
    expect(descendantsOf(pid)).toEqual([]);
  });

  it('are named by postmaster.pid once it is whole', () => {
    writeFileSync(pidFile(), '41\n/data/pg\n1700000000\n5432\n');
    expect(pidOf('postgres', process.pid, folder)).toBeUndefined();
    writeFileSync(pidFile(), '41\n/data/pg\n1700000000\n5432\n/run/pg\n\n');
    expect(pidOf('postgres', process.pid, folder)).toBe(41);
    expect(databaseUrlOf(folder)).toBe('postgresql://tallywatt@%2Frun%2Fpg/postgres');
  });
});
