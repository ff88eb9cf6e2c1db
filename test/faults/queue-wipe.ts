import { setTimeout as sleep } from 'node:timers/promises';
import type { Books } from './books.js';
import type { Played, Scene } from './fault-run.js';

const BETWEEN_MS_MIN = 1_500;
export const BETWEEN_MS_MAX = 4_000;

/** Loses the whole queue every few seconds, `count` times. `wipe` says how on this back end. */
export async function wipeQueue(scene: Scene, count: number, wipe: (books: Books) => Promise<void>): Promise<Played> {
  for (let kills = 1; kills <= count; kills += 1) {
    await sleep(scene.random.between(BETWEEN_MS_MIN, BETWEEN_MS_MAX));
    await wipe(scene.books);
    scene.line(`${kills}/${count} queue wiped, ${scene.load.stops.length} Stops acknowledged so far`);
  }
  return { kills: count };
}

/** Every table of the PostgreSQL queue but the one that tells its schema's version. */
export async function truncateQueueSchema(books: Books): Promise<void> {
  const tables = await books.rows<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = 'queue' and tablename not like '%migration%' order by 1`,
  );
  if (tables.length === 0) throw new Error('the queue has no tables: nothing would be wiped');
  await books.rows(`truncate ${tables.map(({ name }) => name).join(', ')} cascade`);
}
