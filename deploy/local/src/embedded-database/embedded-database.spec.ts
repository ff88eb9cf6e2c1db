import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { START_MS_MAX, startEmbeddedDatabase, type EmbeddedDatabase } from './embedded-database.js';
import { place } from './placement.js';

const SLOW_MS = 60_000;
/** How fast it comes back is what `npm run faults -- kill` measures; beside other specs it may take its time. */
const BACK_MS_MAX = 20_000;

async function query<T extends object>(database: EmbeddedDatabase, text: string): Promise<T | undefined> {
  const client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(text)).rows[0];
  } finally {
    await client.end();
  }
}

async function untilAnswer(database: EmbeddedDatabase, text: string): Promise<object | undefined> {
  const deadline = performance.now() + BACK_MS_MAX;
  for (;;) {
    try {
      return await query(database, text);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe('built-in PostgreSQL', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tw-db-'))));
  afterAll(() => {
    const { cluster } = place(folder);
    rmSync(join(cluster, '..'), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'starts durable, refuses a second owner, keeps its data over stop and kill',
    async () => {
      const first = await startEmbeddedDatabase({ dataFolder: folder });
      expect(first.fresh).toBe(true);
      for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
        expect(await query(first, `select current_setting('${setting}') as value`)).toEqual({ value: 'on' });
      }
      await query(first, 'create table kept as select 42 as answer');
      await expect(startEmbeddedDatabase({ dataFolder: folder })).rejects.toThrow('Another Tallywatt runs on');
      await first.stop();

      const second = await startEmbeddedDatabase({ dataFolder: folder });
      expect(second.fresh).toBe(false);
      const pidFile = join(place(folder).cluster, 'postmaster.pid');
      process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGKILL');
      // Its owner brings it back by itself, and still owns it.
      const back = await untilAnswer(second, 'select answer from kept');
      expect(back).toEqual({ answer: 42 });
      await expect(startEmbeddedDatabase({ dataFolder: folder })).rejects.toThrow('Another Tallywatt runs on');
      await second.stop();
      expect(existsSync(pidFile)).toBe(false);

      // After a crash of the machine another process may wear the old pid.
      writeFileSync(pidFile, `${process.pid}\n`);
      const fourth = await startEmbeddedDatabase({ dataFolder: folder });
      expect(await query(fourth, 'select answer from kept')).toEqual({ answer: 42 });
      await fourth.stop();
    },
    SLOW_MS,
  );

  it('says where to look when the server does not come up', async () => {
    const impatient = mkdtempSync(join(tmpdir(), 'tw-db-'));
    expect(START_MS_MAX).toBeGreaterThanOrEqual(10_000);
    await expect(startEmbeddedDatabase({ dataFolder: impatient, startMsMax: 0 })).rejects.toThrow(
      /did not start within 0 s: see .*postgres\.log/,
    );
    rmSync(join(place(impatient).cluster, '..'), { recursive: true, force: true });
    rmSync(impatient, { recursive: true, force: true });
  });
});
