import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseUrlOf, pidOf } from './product-processes.js';

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

  it('are named by postmaster.pid once it is whole', () => {
    writeFileSync(pidFile(), '41\n/data/pg\n1700000000\n5432\n');
    expect(pidOf('postgres', process.pid, folder)).toBeUndefined();
    writeFileSync(pidFile(), '41\n/data/pg\n1700000000\n5432\n/run/pg\n\n');
    expect(pidOf('postgres', process.pid, folder)).toBe(41);
    expect(databaseUrlOf(folder)).toBe('postgresql://tallywatt@%2Frun%2Fpg/postgres');
  });
});
