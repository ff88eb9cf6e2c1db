import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, Names, NOON_MS, SessionFixture, startPayload, stopPayload } from './testing/session-fixture.js';
import { TransactionIds } from './transaction-id.js';

class ScriptedIds extends TransactionIds {
  readonly next: number[] = [];
  private counter = 1_000_000;
  override draw(): number {
    return this.next.shift() ?? ++this.counter;
  }
}

const ids = new ScriptedIds();
let fixture: SessionFixture;
const names = new Names(() => fixture);

beforeAll(async () => {
  fixture = await SessionFixture.create(ids);
});
afterAll(() => fixture.destroy());

describe('a retried StartTransaction', () => {
  it('gets the same transactionId and answer, with the same or a new message id, and nothing twice', async () => {
    const cp = await names.pile();
    const idTag = await names.tag();
    const payload = startPayload({ idTag });
    const first = await fixture.start(cp, payload, { messageId: 'a' });
    expect(await fixture.start(cp, payload, { messageId: 'a' })).toEqual(first);
    expect(await fixture.start(cp, payload, { messageId: 'b' })).toEqual(first);
    expect(await fixture.start(cp, startPayload({ idTag: idTag.toUpperCase() }))).toEqual(first);
    expect(await fixture.sessions(cp.chargePointId)).toHaveLength(1);
    const frames = await fixture.rows('select is_evidence from csms.frame where charge_point_id = $1 order by seq', [
      cp.chargePointId,
    ]);
    expect(frames).toEqual([
      { is_evidence: true },
      { is_evidence: false },
      { is_evidence: false },
      { is_evidence: false },
    ]);
  });

  it('gets it from parallel sockets too', async () => {
    const cp = await names.pile();
    const payload = startPayload({ idTag: await names.tag() });
    const answers = await Promise.all(Array.from({ length: 8 }, () => fixture.start(cp, payload)));
    expect(new Set(answers.map(({ transactionId }) => transactionId)).size).toBe(1);
    expect(await fixture.sessions(cp.chargePointId)).toHaveLength(1);
  });

  it('after the session has ended neither reopens it nor closes what runs now', async () => {
    const cp = await names.pile();
    const idTag = await names.tag();
    const first = await fixture.start(cp, startPayload({ idTag }));
    await fixture.stop(cp, stopPayload(first.transactionId));
    const second = await fixture.start(cp, startPayload({ idTag, timestamp: at(-5), meterStart: 8000 }));
    expect(await fixture.start(cp, startPayload({ idTag }))).toEqual(first);
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([
      { transaction_id: first.transactionId, status: 'closed' },
      { transaction_id: second.transactionId, status: 'open' },
    ]);
  });

  it('with an unreadable time is still recognised by its text', async () => {
    const cp = await names.pile();
    const payload = startPayload({ idTag: await names.tag(), timestamp: '222222017-01-01' });
    const first = await fixture.start(cp, payload);
    fixture.clock.now += 60_000;
    expect(await fixture.start(cp, payload)).toEqual(first);
    fixture.clock.now = NOON_MS;
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([
      { reported_start_at: null, started_at: new Date(NOON_MS) },
    ]);
  });
});

describe('transaction ids', () => {
  it('are drawn again when the drawn one is taken', async () => {
    const idTag = await names.tag(2);
    ids.next.push(77, 77, 78);
    expect(await fixture.start(await names.pile(), startPayload({ idTag }))).toMatchObject({ transactionId: 77 });
    expect(await fixture.start(await names.pile(), startPayload({ idTag }))).toMatchObject({ transactionId: 78 });
  });
});

describe('who may start', () => {
  it('an unknown tag gets a real id, a refused record, and never a bill', async () => {
    const cp = await names.pile();
    const answer = await fixture.start(cp, startPayload({ idTag: 'nobody' }));
    expect(answer).toEqual({ transactionId: expect.any(Number), idTagInfo: { status: 'Invalid' } });
    await fixture.stop(cp, stopPayload(answer.transactionId));
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([
      { status: 'refused', ev_id: null, authorization_status: 'Invalid', meter_stop_wh: '8000', revision: 0 },
    ]);
    expect(await fixture.facts(cp.chargePointId)).toEqual([]);
  });

  it('a blocked driver is told so; energy that was delivered all the same is billed, none is not', async () => {
    const idTag = await names.tag();
    fixture.standingSource.rows = [{ evId: `EV-${idTag}`, isBlocked: true, changeSeq: 1n }];
    await fixture.standing.refresh();
    for (const [meterStop, status, facts] of [
      [8000, 'closed', 1],
      [1000, 'refused', 0],
    ] as const) {
      const cp = await names.pile();
      const answer = await fixture.start(cp, startPayload({ idTag }));
      expect(answer.idTagInfo.status).toBe('Blocked');
      expect(await fixture.sessions(cp.chargePointId)).toMatchObject([{ status: 'refused' }]);
      await fixture.stop(cp, stopPayload(answer.transactionId, { meterStop }));
      expect(await fixture.sessions(cp.chargePointId)).toMatchObject([{ status }]);
      expect(await fixture.facts(cp.chargePointId)).toHaveLength(facts);
    }
  });

  it('an expired tag is Expired, and the expiry is in the answer', async () => {
    const expiresAt = new Date(NOON_MS - 1);
    const { idTagInfo } = await fixture.start(
      await names.pile(),
      startPayload({ idTag: await names.tag(1, expiresAt) }),
    );
    expect(idTagInfo).toEqual({ status: 'Expired', expiryDate: expiresAt.toISOString() });
  });

  it('ConcurrentTx beyond what the account allows, also for parallel starts, never for a retry', async () => {
    const idTag = await names.tag(2);
    const piles = await Promise.all([names.pile(), names.pile(), names.pile(), names.pile()]);
    const answers = await Promise.all(piles.map((cp) => fixture.start(cp, startPayload({ idTag }))));
    const statuses = answers.map(({ idTagInfo }) => idTagInfo.status);
    expect(statuses.toSorted()).toEqual(['Accepted', 'Accepted', 'ConcurrentTx', 'ConcurrentTx']);
    expect(await Promise.all(piles.map((cp) => fixture.start(cp, startPayload({ idTag }))))).toEqual(answers);
  });

  it('a new Start on the own connector is no second session', async () => {
    const cp = await names.pile();
    const idTag = await names.tag();
    await fixture.start(cp, startPayload({ idTag }));
    expect(await fixture.start(cp, startPayload({ idTag, timestamp: at(-30) }))).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    });
  });
});

describe('a StartTransaction that cannot be believed', () => {
  it.each([
    ['a payload of nothing', {}, false, null, 0],
    ['no meter', { meterStart: null }, false, 'no_credible_start', 1],
    ['a negative meter', { meterStart: -5 }, true, 'meter_out_of_range', 1],
    ['a meter beyond 2^53', { meterStart: 1e308 }, false, 'no_credible_start', 1],
    ['a connector that is text', { connectorId: 'one' }, false, 'no_credible_start', 1],
  ])(
    '%s: fresh id, Invalid, recorded; with a known tag its energy waits for a person',
    async (_what, changes, schemaValid, hold, facts) => {
      const cp = await names.pile();
      const payload = Object.keys(changes).length === 0 ? {} : startPayload({ idTag: await names.tag(), ...changes });
      const answer = await fixture.start(cp, payload, { schemaValid });
      expect(answer).toMatchObject({ transactionId: expect.any(Number), idTagInfo: { status: 'Invalid' } });
      expect(await fixture.start(cp, payload, { schemaValid })).toMatchObject({ transactionId: answer.transactionId });
      await fixture.stop(cp, stopPayload(answer.transactionId));
      const found = await fixture.facts(cp.chargePointId);
      expect(found).toHaveLength(facts);
      expect(found[0]?.['hold_reason'] ?? null).toBe(hold);
    },
  );

  it('takes NUL, lone surrogates, markup and long text, and stores them as evidence byte for byte', async () => {
    const cp = await names.pile();
    const idTag = `\u0000\ud800<img onerror>\u202e${'x'.repeat(5000)}`;
    const rawFrame = '[2,"1","StartTransaction",{"idTag":"\\u0000\\ud800"}]';
    const answer = await fixture.start(cp, startPayload({ idTag }), { messageId: 'm\u0000\ud800', rawFrame });
    expect(answer.idTagInfo.status).toBe('Invalid');
    expect(await fixture.start(cp, startPayload({ idTag }))).toEqual(answer);
    const [frame] = await fixture.rows<{ raw: Buffer }>(
      'select raw from csms.frame where charge_point_id = $1 order by seq',
      [cp.chargePointId],
    );
    expect(frame?.raw.toString('utf8')).toBe(rawFrame);
    expect((await fixture.sessions(cp.chargePointId))[0]?.['id_tag']).toMatch(/^\ufffd\ufffd<img onerror>/);
  });
});

describe('the next StartTransaction on a connector', () => {
  it('closes what ran there as inferred, and is accepted', async () => {
    const cp = await names.pile();
    const first = await fixture.start(cp, startPayload({ idTag: await names.tag() }));
    const other = await fixture.start(cp, startPayload({ idTag: await names.tag(), connectorId: 2 }));
    const next = await fixture.start(
      cp,
      startPayload({ idTag: await names.tag(), timestamp: at(-5), meterStart: 1500 }),
    );
    expect(next.idTagInfo.status).toBe('Accepted');
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([
      {
        transaction_id: first.transactionId,
        close_kind: 'inferred',
        hold_reason: 'unknown_energy',
        hold_until: null,
        meter_stop_wh: null,
        ended_at: new Date(at(-5)),
      },
    ]);
    const open = await fixture.rows(
      "select transaction_id from csms.session where charge_point_id = $1 and status = 'open'",
      [cp.chargePointId],
    );
    expect(open.map((row) => row['transaction_id']).toSorted()).toEqual(
      [other.transactionId, next.transactionId].toSorted(),
    );
  });
});
