import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { meterPayload, Names, SessionFixture, startPayload, stopPayload } from './testing/session-fixture.js';

/** Each run is a whole session on a real database: enough to meet every order of four messages. */
const RUNS = 40;
/** 40 sessions of up to nine commits each, on a machine that does other things too. */
const TIMEOUT_MS = 60_000;

let fixture: SessionFixture;
const names = new Names(() => fixture);
beforeAll(async () => {
  fixture = await SessionFixture.create();
});
afterAll(() => fixture.destroy());

type Step = 'start' | 'meter' | 'stop';

/** A pile that sends the steps as given and never knows its transaction id before the Start is answered. */
async function play(steps: readonly Step[]): Promise<Record<string, unknown>[]> {
  const cp = await names.pile();
  const idTag = await names.tag();
  let known: number | undefined;
  for (const step of steps) {
    if (step === 'start') known = (await fixture.start(cp, startPayload({ idTag }))).transactionId;
    if (step === 'meter') await fixture.meter(cp, meterPayload(known ?? -1, [[-40, 3000]]));
    if (step === 'stop') await fixture.stop(cp, stopPayload(known ?? -1, { idTag }));
  }
  return fixture.facts(cp.chargePointId);
}

const essence = ({
  meter_start_wh,
  meter_stop_wh,
  started_at,
  ended_at,
  hold_reason,
  close_kind,
  revision,
}: Record<string, unknown>) => ({
  meter_start_wh,
  meter_stop_wh,
  started_at,
  ended_at,
  hold_reason,
  close_kind,
  revision,
});
const everyStep = fc
  .shuffledSubarray(['start', 'meter', 'stop'] as Step[], { minLength: 3, maxLength: 3 })
  .chain((order) => fc.tuple(...order.map((step) => fc.array(fc.constant(step), { minLength: 1, maxLength: 3 }))))
  .map((groups) => groups.flat());

describe('a session whose messages come in any order and any number', () => {
  it(
    'becomes the same bill, once',
    async () => {
      const [expected] = await play(['start', 'meter', 'stop']);
      if (expected === undefined) throw new Error('no fact in the plain order');
      await fc.assert(
        fc.asyncProperty(everyStep, async (steps) => {
          expect((await play(steps)).map(essence)).toEqual([essence(expected)]);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it('has the same readings whenever they came before its Stop', async () => {
    const readings = async (steps: readonly Step[]): Promise<unknown> => (await play(steps))[0]?.['readings'];
    const expected = await readings(['start', 'meter', 'stop']);
    expect(expected).toHaveLength(1);
    for (const steps of [
      ['start', 'meter', 'meter', 'stop', 'stop'],
      ['meter', 'start', 'stop'],
      ['meter', 'stop', 'start'],
      ['stop', 'meter', 'start'],
    ] as const) {
      expect(await readings(steps)).toEqual(expected);
    }
  });

  it('interleaved with duplicates of itself at once', async () => {
    const cp = await names.pile();
    const payload = startPayload({ idTag: await names.tag() });
    const answers = await Promise.all(Array.from({ length: 5 }, () => fixture.start(cp, payload)));
    const transactionId = answers[0]?.transactionId ?? 0;
    await Promise.all([
      ...Array.from({ length: 5 }, () => fixture.stop(cp, stopPayload(transactionId))),
      fixture.meter(cp, meterPayload(transactionId, [[-40, 3000]])),
    ]);
    expect(await fixture.facts(cp.chargePointId)).toHaveLength(1);
  });
});
