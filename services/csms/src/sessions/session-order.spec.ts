import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { at, meterPayload, Names, SessionFixture, startPayload, stopPayload } from './testing/session-fixture.js';

/** Each run is one or two whole sessions on a real database: together they meet every kind of disorder in seconds. */
const RUNS = 30;
const SEED = 20_181_101;
/** Up to a hundred commits a run, on a machine that does other things too. */
const TIMEOUT_MS = 60_000;

let fixture: SessionFixture;
const names = new Names(() => fixture);
beforeAll(async () => {
  fixture = await SessionFixture.create();
});
afterAll(() => fixture.destroy());

/** One charging session as the pile knows it: minutes from noon, Wh. */
interface Truth {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly meterStart: number;
  readonly meterStop: number;
  readonly readings: readonly (readonly [number, number])[];
}
const MORNING: Truth = {
  startedAt: -60,
  endedAt: -10,
  meterStart: 1000,
  meterStop: 8000,
  readings: [
    [-50, 2000],
    [-40, 3000],
    [-20, 7500],
  ],
};
/** Right after it on the same connector, by the same driver: the hardest neighbour to tell apart. */
const NOON: Truth = { startedAt: -9, endedAt: -1, meterStart: 8000, meterStop: 9000, readings: [[-5, 8500]] };

/** One arrival of a message: which session's, which message, with which id the pile names its transaction, over which socket. */
interface Delivery {
  readonly of: number;
  readonly message: 'start' | 'stop' | number;
  readonly idStyle: 'learned' | -1 | 0;
  readonly isSameMessageId: boolean;
  readonly socket: 0 | 1;
}

/** A pile with its driver; it learns a transaction id when a Start is answered, and not before. */
class DisorderlyPile {
  private readonly learned = new Map<number, number>();

  private constructor(
    private readonly truths: readonly Truth[],
    readonly cp: Awaited<ReturnType<Names['pile']>>,
    private readonly idTag: string,
  ) {}

  static async of(...truths: readonly Truth[]): Promise<DisorderlyPile> {
    return new DisorderlyPile(truths, await names.pile(), await names.tag());
  }

  async send({ of, message, idStyle, isSameMessageId }: Delivery): Promise<void> {
    const truth = this.truths[of];
    if (truth === undefined) throw new RangeError(`no session ${of}`);
    const changes = isSameMessageId ? { messageId: `${of}-${message}` } : {};
    const id = idStyle === 'learned' ? (this.learned.get(of) ?? -1) : idStyle;
    const { idTag } = this;
    if (message === 'start') {
      const payload = startPayload({ idTag, timestamp: at(truth.startedAt), meterStart: truth.meterStart });
      this.learned.set(of, (await fixture.start(this.cp, payload, changes)).transactionId);
    } else if (message === 'stop') {
      const end = { idTag, timestamp: at(truth.endedAt), meterStop: truth.meterStop };
      await fixture.stop(this.cp, stopPayload(id, end), changes);
    } else {
      await fixture.meter(this.cp, meterPayload(id, [truth.readings[message] ?? [0, 0]]), changes);
    }
  }

  /** One call after the other, as connection/ has it for all sockets of a pile. */
  async play(deliveries: readonly Delivery[]): Promise<Record<string, unknown>[]> {
    for (const delivery of deliveries) await this.send(delivery);
    return fixture.facts(this.cp.chargePointId);
  }

  /** Both sockets at once: what two processes could do to the store in the worst moment. */
  async playAtOnce(deliveries: readonly Delivery[]): Promise<Record<string, unknown>[]> {
    const sockets = ([0, 1] as const).map((socket) => deliveries.filter((delivery) => delivery.socket === socket));
    await Promise.all(sockets.map((queue) => this.play(queue)));
    return fixture.facts(this.cp.chargePointId);
  }
}

const billOf = (truth: Truth, changes: object = {}): object => ({
  meter_start_wh: String(truth.meterStart),
  meter_stop_wh: String(truth.meterStop),
  started_at: new Date(at(truth.startedAt)),
  ended_at: new Date(at(truth.endedAt)),
  hold_reason: null,
  close_kind: 'stopped',
  ...changes,
});
const readingsOf = (truth: Truth): number[][] =>
  truth.readings.map(([minute, wattHours]) => [Date.parse(at(minute)), wattHours]);
const essence = (fact: Record<string, unknown>): object =>
  Object.fromEntries(Object.keys(billOf(MORNING)).map((name) => [name, fact[name]]));

const how = {
  isSameMessageId: fc.boolean(),
  socket: fc.constantFrom(0 as const, 1 as const),
  idStyle: fc.constantFrom('learned' as const, 'learned' as const, -1 as const, 0 as const),
};
/** Every message of the sessions, each one to three times, in any order. */
function disorder(...truths: readonly Truth[]): fc.Arbitrary<Delivery[]> {
  const messages = truths.flatMap(({ readings }, of) =>
    (['start', ...readings.keys(), 'stop'] as const).map((message) => ({ of, message })),
  );
  return fc
    .tuple(
      ...messages.map(({ of, message }) =>
        fc.array(fc.record({ of: fc.constant(of), message: fc.constant(message), ...how }), {
          minLength: 1,
          maxLength: 3,
        }),
      ),
    )
    .chain((copies) => {
      const all = copies.flat();
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    });
}

/** The session can be closed as soon as its Start and its Stop have both arrived: later readings change nothing. */
function readingsInTime(deliveries: readonly Delivery[]): boolean {
  const first = (message: Delivery['message']): number => deliveries.findIndex((each) => each.message === message);
  return MORNING.readings.every((_, index) => first(index) < Math.max(first('start'), first('stop')));
}

describe('a session whose messages come in any order and any number', () => {
  it(
    'becomes the same bill, once',
    async () => {
      await fc.assert(
        fc.asyncProperty(disorder(MORNING), async (deliveries) => {
          const facts = await (await DisorderlyPile.of(MORNING)).play(deliveries);
          expect(facts.map(essence)).toEqual([billOf(MORNING)]);
          expect(facts[0]?.['revision']).toBe(1);
          if (readingsInTime(deliveries)) expect(facts[0]?.['readings']).toEqual(readingsOf(MORNING));
        }),
        { numRuns: RUNS, seed: SEED },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'and from two sockets at once: never another bill, never two',
    async () => {
      await fc.assert(
        fc.asyncProperty(disorder(MORNING), async (deliveries) => {
          const facts = await (await DisorderlyPile.of(MORNING)).playAtOnce(deliveries);
          expect([[], [billOf(MORNING)]]).toContainEqual(facts.map(essence));
        }),
        { numRuns: RUNS, seed: SEED },
      );
    },
    TIMEOUT_MS,
  );
});

/**
 * A Stop that names no session, while its own is unknown and another one runs that it fits, is taken for the other's:
 * "exactly one fits" (ocpp.md). So the second session's Stop comes after its Start, and all else as it likes.
 */
function laterStopKnowsItsSession(deliveries: readonly Delivery[]): Delivery[] {
  const isStart = ({ of, message }: Delivery): boolean => of === 1 && message === 'start';
  const learned = deliveries.map((each) => (each.of === 1 ? { ...each, idStyle: 'learned' as const } : each));
  const stopAt = learned.findIndex(({ of, message }) => of === 1 && message === 'stop');
  const startAt = learned.findIndex(isStart);
  if (startAt < stopAt) return learned;
  return [...learned.slice(0, stopAt), ...learned.slice(startAt, startAt + 1), ...learned.slice(stopAt)];
}

describe('two sessions of one connector and one driver, their messages mixed in any order', () => {
  it(
    'are each billed as they were, or held for a person: nothing false is ever billed',
    async () => {
      await fc.assert(
        fc.asyncProperty(disorder(MORNING, NOON).map(laterStopKnowsItsSession), async (deliveries) => {
          const facts = await (await DisorderlyPile.of(MORNING, NOON)).play(deliveries);
          const billed = facts.filter((fact) => fact['hold_reason'] === null).map(essence);
          for (const bill of billed) expect([billOf(MORNING), billOf(NOON)]).toContainEqual(bill);
          expect(new Set(billed.map((bill) => JSON.stringify(bill))).size).toBe(billed.length);
        }),
        { numRuns: RUNS / 2, seed: SEED },
      );
    },
    TIMEOUT_MS,
  );

  it('are both billed when each comes in its own order, however often each message comes', async () => {
    const inOrder = [MORNING, NOON].flatMap(({ readings }, of) =>
      (['start', ...readings.keys(), 'stop'] as const).flatMap((message): Delivery[] => [
        { of, message, idStyle: 'learned', isSameMessageId: true, socket: 0 },
        { of, message, idStyle: -1, isSameMessageId: false, socket: 1 },
      ]),
    );
    const facts = await (await DisorderlyPile.of(MORNING, NOON)).play(inOrder);
    expect(facts.map(essence)).toEqual([billOf(MORNING), billOf(NOON)]);
    expect(facts.map((fact) => fact['readings'])).toEqual([readingsOf(MORNING), readingsOf(NOON)]);
  });
});
