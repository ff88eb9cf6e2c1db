import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { UnstorableValueError } from './array-writer.js';
import { bool, hex, instant, int4, int8, json, RecordSet, text, utf8, uuid } from './record-set.js';

interface Row {
  readonly word: string | null;
  readonly raw: string | null;
  readonly digest: string | null;
  readonly id: string | null;
  readonly small: number | null;
  readonly big: number | null;
  readonly flag: boolean | null;
  readonly atMs: number | null;
  readonly data: object | null;
}

const ROWS = new RecordSet<Row>([
  text('word', (row) => row.word),
  utf8('raw', (row) => row.raw),
  hex('digest', (row) => row.digest),
  uuid('id', (row) => row.id),
  int4('small', (row) => row.small),
  int8('big', (row) => row.big),
  bool('flag', (row) => row.flag),
  instant('at', (row) => row.atMs),
  json('data', (row) => row.data),
]);
const FULL: Row = {
  word: 'Straße 😀',
  raw: '[2,"1","Stop",{}]',
  digest: 'ff00',
  id: '0d2c5bde-5f55-5d0f-9ac2-0b4a4e8c2f10',
  small: -7,
  big: 2 ** 53 - 1,
  flag: true,
  atMs: Date.UTC(2026, 5, 1, 12, 0, 0, 1),
  data: { a: [1, 'ü'] },
};
const NOTHING: Row = {
  word: null,
  raw: null,
  digest: null,
  id: null,
  small: null,
  big: null,
  flag: null,
  atMs: null,
  data: null,
};
const stored = (row: Row): object => ({
  word: row.word,
  raw: row.raw === null ? null : Buffer.from(row.raw, 'utf8'),
  digest: row.digest === null ? null : Buffer.from(row.digest, 'hex'),
  id: row.id,
  small: row.small,
  big: row.big === null ? null : String(row.big),
  flag: row.flag,
  at: row.atMs === null ? null : new Date(row.atMs),
  data: row.data,
});

describe('RecordSet', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  const readBack = async (rows: readonly Row[]): Promise<object[]> =>
    (await client.query<object>(`select * from ${ROWS.from('x', 1)}`, ROWS.values(rows))).rows;

  it('gives PostgreSQL every value of every type, and null, in order', async () => {
    const past = { ...FULL, small: 2 ** 31 - 1, big: -(2 ** 53 - 1), flag: false, atMs: Date.UTC(1999, 11, 31) };
    expect(await readBack([FULL, NOTHING, past])).toEqual([stored(FULL), stored(NOTHING), stored(past)]);
    expect(await readBack([{ ...FULL, small: -(2 ** 31), big: -1 }])).toEqual([
      stored({ ...FULL, small: -(2 ** 31), big: -1 }),
    ]);
  });

  it('stores nothing for no rows, and long values whole', async () => {
    expect(await readBack([])).toEqual([]);
    const long = { ...FULL, raw: 'ü'.repeat(100_000), data: { text: '😀'.repeat(50_000) } };
    expect(await readBack([FULL, long, FULL])).toEqual([stored(FULL), stored(long), stored(FULL)]);
  });

  it('replaces what text columns refuse, and keeps the bytes of raw text', async () => {
    const [row] = await readBack([{ ...FULL, word: 'a\0b\ud800c', raw: 'a\0b', data: { deep: ['x\0\udc00'] } }]);
    expect(row).toMatchObject({
      word: 'a\uFFFDb\uFFFDc',
      raw: Buffer.from('a\0b'),
      data: { deep: ['x\uFFFD\uFFFD'] },
    });
  });

  it.each<Partial<Row>>([{ small: 2 ** 31 }, { big: 2 ** 53 }, { atMs: NaN }, { id: 'no uuid' }])(
    'refuses what fits no column: %j',
    (changes) => expect(() => ROWS.values([{ ...FULL, ...changes }])).toThrow(UnstorableValueError),
  );

  it('numbers its parameters from where it is told', () => {
    const two = new RecordSet<Row>([text('word', (row) => row.word), int4('small', (row) => row.small)]);
    expect(two.from('x', 5)).toBe('unnest($5::text[], $6::int4[]) as x(word, small)');
    expect(two.width).toBe(2);
  });
});
