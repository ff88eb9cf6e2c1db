import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { InProcessCsms } from '../in-process.js';
import type { Line } from '../pile-run.js';
import type { WorldPile } from '../world.js';
import { STATIONS, type NegativeCase, type Station } from './case.js';
import { CORPUS } from './corpus.js';
import { ENVELOPE_CASES, idOf } from './envelope-cases.js';
import { FIELD_CASES } from './field-cases.js';
import { OTHER_TRANSACTION_CASES, START_CASES, STOP_CASES, TAG } from './transaction-cases.js';

/** reliability.md B10. */
const CASES_MIN = 300;
const START_MS_MAX = 120_000;
/** What should not come would be here by then: everything is in one process. */
const SILENCE_MS = 20;

/** Each group has piles of its own: a session that one leaves open is none of the others'. */
const GROUPS = [
  ['envelopes', ENVELOPE_CASES],
  ['fields', FIELD_CASES],
  ['starts', START_CASES],
  ['stops', STOP_CASES],
  ['other transaction messages', OTHER_TRANSACTION_CASES],
  ['corpus', CORPUS],
] as const;
const pileOf = (group: string, station: Station): string => `${group.replaceAll(' ', '-')}-${station}`;

const complaints: string[] = [];
let database: TestDatabase;
let csms: InProcessCsms;

beforeAll(async () => {
  database = await createTestDatabase();
  csms = await InProcessCsms.on(database.url, complaints);
  const kind = { name: 'garbage', clock: 'recorded', weight: 1, count: 1 } as const;
  const pile = (group: string, station: Station): WorldPile => ({
    kind: { ...kind, strict: station === 'strict' },
    chargePointId: pileOf(group, station),
    key: Buffer.alloc(20),
    fuzzTag: TAG,
    honest: undefined,
    honestShare: 0,
  });
  await csms.register(GROUPS.flatMap(([group]) => STATIONS.map((station) => pile(group, station))));
}, START_MS_MAX);
afterAll(async () => {
  await csms.end();
  await database.drop();
}, START_MS_MAX);

/** A fresh connection of a station that plays one case. */
class Play {
  readonly heard: unknown[][] = [];
  readonly closed: Promise<number>;
  private line: Line | undefined;
  private close: (code: number) => void = () => undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly chargePointId: string) {
    this.closed = new Promise((resolve) => (this.close = resolve));
  }

  async send(frame: string): Promise<void> {
    this.line ??= await csms.dial(this.chargePointId, {
      heard: (text) => {
        this.heard.push(JSON.parse(text) as unknown[]);
        this.wake();
      },
      closed: this.close,
    });
    this.line.send(Buffer.from(frame));
  }

  async answered(count: number): Promise<unknown[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.heard[count - 1] ?? [];
  }

  end(): void {
    this.line?.end();
  }
}

async function billOf(transactionId: unknown): Promise<object | undefined> {
  const [row] = await csms.sql(
    `select hold_reason as held, (meter_stop_wh - meter_start_wh)::float8 as billed from csms.settlement_fact where transaction_id = $1`,
    [transactionId],
  );
  return row;
}

async function play(group: string, one: NegativeCase): Promise<void> {
  const session = new Play(pileOf(group, one.station));
  let transactionId: unknown;
  for (const [index, frame] of (one.before ?? []).entries()) {
    await session.send(frame.replace('$TX', String(transactionId)));
    const answer = await session.answered(index + 1);
    transactionId ??= (answer[2] as { transactionId?: number }).transactionId;
  }
  const before = session.heard.length;
  await session.send(one.frame.replace('$TX', String(transactionId)));
  await judge(one, session, before, transactionId);
  session.end();
}

async function judge(one: NegativeCase, session: Play, before: number, transactionId: unknown): Promise<void> {
  const { expected } = one;
  if ('close' in expected) return expect(await session.closed).toBe(expected.close);
  if ('silence' in expected) {
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
    return expect(session.heard.slice(before)).toEqual([]);
  }
  const answer = await session.answered(before + 1);
  if ('error' in expected) return expect(answer).toEqual([4, idOf(one), expected.error, expect.any(String), {}]);
  expect(answer).toEqual([3, expect.anything(), expect.any(Object)]);
  const status = (answer[2] as { idTagInfo?: { status: string } }).idTagInfo?.status;
  if ('result' in expected && expected.status !== undefined) expect(status).toBe(expected.status);
  if ('held' in expected) expect(await billOf(transactionId)).toMatchObject({ held: expected.held });
  if ('billed' in expected) expect(await billOf(transactionId)).toEqual({ held: null, billed: expected.billed });
}

describe.each(GROUPS)('negative cases: %s', (group, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => play(group, one));
});

describe('the list of negative cases', () => {
  const all = GROUPS.flatMap(([, cases]) => cases);

  it(`has at least ${CASES_MIN}, each with its own name and frame`, () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const texts = all.map(({ station, before, frame }) => JSON.stringify([station, before, frame]));
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(CASES_MIN);
  });

  it('left nothing in the log and nothing in Object.prototype', () => {
    expect(complaints).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });
});
