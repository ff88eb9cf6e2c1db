import type pg from 'pg';
import type { BenchProduct } from './bench-product.js';
import { stretch } from './load.js';
import type { Stretch } from './statistics.js';

/** About the size of a StopTransaction's frame. */
const ROW = 'x'.repeat(600);

/** The limit of a system that commits each message by itself: one connection, one row, one durable commit at a time. */
export async function rawCommits(running: BenchProduct, durationMs: number): Promise<Stretch> {
  const client = await running.owner.connect();
  try {
    await client.query(
      'create table if not exists public.bench_row (at timestamptz default now(), data text not null)',
    );
    return await stretch([running.postgresPid], () => commitUntil(client, performance.now() + durationMs));
  } finally {
    client.release();
  }
}

async function commitUntil(client: pg.PoolClient, endsAtMs: number): Promise<number> {
  const insert = { name: 'bench_row', text: 'insert into public.bench_row (data) values ($1)', values: [ROW] };
  let commits = 0;
  for (; performance.now() < endsAtMs; commits++) await client.query(insert);
  return commits;
}
