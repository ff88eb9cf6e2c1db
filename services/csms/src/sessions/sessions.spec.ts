import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChargePoint } from '../piles/charge-point.js';
import { at, meterPayload, pile, SessionFixture, startPayload, stopPayload } from './testing/session-fixture.js';

let fixture: SessionFixture;
let piles = 0;
const newPile = (changes: Partial<ChargePoint> = {}): Promise<ChargePoint> => fixture.addPile(pile(`CP-${++piles}`, changes));
let tags = 0;
const newTag = async (concurrent = 1): Promise<string> => {
  const idTag = `TAG-${++tags}`;
  await fixture.addTag(idTag, concurrent);
  return idTag;
};

beforeAll(async () => {
  fixture = await SessionFixture.create();
});
afterAll(() => fixture.destroy());

describe('a session from Start to Stop', () => {
  it('is stored with frames, samples, events and exactly one settlement request', async () => {
    const cp = await newPile();
    const idTag = await newTag();
    const { transactionId, idTagInfo } = await fixture.start(cp, startPayload({ idTag }));
    expect(idTagInfo).toEqual({ status: 'Accepted' });
    await fixture.meter(cp, meterPayload(transactionId, [[-40, 3000], [-20, 6000]]));
    expect(await fixture.stop(cp, stopPayload(transactionId, { idTag, reason: 'Local' }))).toEqual({ idTagInfo: { status: 'Accepted' } });

    const [fact, ...others] = await fixture.facts(cp.chargePointId);
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      revision: 1, operator_id: 'TELD', station_id: 'TELD-1', connector_id: 1, transaction_id: transactionId, ev_id: `EV-${idTag}`,
      user_operator_id: 'STAR', meter_start_wh: '1000', meter_stop_wh: '8000', started_at: new Date(at(-60)), ended_at: new Date(at(-10)),
      readings: [[Date.parse(at(-40)), 3000], [Date.parse(at(-20)), 6000]], stop_reason: 'Local', close_kind: 'stopped', hold_reason: null, hold_until: null,
    });
    const [session] = await fixture.sessions(cp.chargePointId);
    expect(session).toMatchObject({ session_id: fact?.['settlement_id'], status: 'closed', revision: 1, version: 2 });
    const [evidence] = await fixture.rows(
      `select encode(sha256(string_agg(sha256(raw), '' order by seq)), 'hex') as sha256 from csms.session_frame where session_id = $1 and is_evidence`,
      [session?.['session_id']],
    );
    expect(evidence).toEqual({ sha256: fact?.['evidence_sha256'] });
  });
});
