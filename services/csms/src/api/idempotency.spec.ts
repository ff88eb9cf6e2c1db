import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conflict } from './problem.js';
import { IDEMPOTENCY_KEY_LENGTH_MAX, referenceOf } from './idempotency.js';
import { startTestApi, type TestApi } from './testing/test-api.js';

let api: TestApi;
let token: string;
const DEPOSIT = '/v1/accounts/EV-1/deposits';

beforeAll(async () => {
  api = await startTestApi();
  token = await api.tokenFor({ role: 'finance', organisation: 'STAR' });
});
afterAll(() => api.app.close());

function deposit(amountMinor: string, key: string, as = token) {
  return api.request(as, 'POST', DEPOSIT, { amountMinor }, { 'idempotency-key': key });
}
const callsOf = (operation: string): unknown[] =>
  api.fakes.settlement.calls.filter((call) => call.operation === operation);

describe('movements of money', () => {
  it('need a key', async () => {
    for (const headers of [
      {},
      { 'idempotency-key': '' },
      { 'idempotency-key': 'a b' },
      { 'idempotency-key': 'x'.repeat(IDEMPOTENCY_KEY_LENGTH_MAX + 1) },
    ]) {
      const { status } = await api.request(
        token,
        'POST',
        DEPOSIT,
        { amountMinor: '1' },
        headers as Record<string, string>,
      );
      expect(status).toBe(400);
    }
    expect(callsOf('deposit')).toHaveLength(0);
  });

  it('run once for one key and body, however often they are sent', async () => {
    const first = await deposit('500', 'once');
    const second = await deposit('500', 'once');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect(callsOf('deposit')).toHaveLength(1);
    expect(callsOf('deposit')[0]).toMatchObject({ input: { evId: 'EV-1', amountMinor: '500', reference: 'once' } });
  });

  it('refuse another body under the same key, and another route too', async () => {
    await deposit('500', 'reused');
    const other = await deposit('501', 'reused');
    expect([other.status, other.json()['code']]).toEqual([422, 'idempotency_key_reused']);
    const refund = await api.request(
      token,
      'POST',
      '/v1/refunds',
      { evId: 'EV-1', amountMinor: '500' },
      { 'idempotency-key': 'reused' },
    );
    expect(refund.status).toBe(422);
  });

  it('answer 409 while the first attempt runs', async () => {
    let finish = (): void => undefined;
    const running = new Promise<void>((resolve) => (finish = resolve));
    api.fakes.settlement.answers.set('deposit', async () => (await running, { done: true }));
    const first = deposit('9', 'slow');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await deposit('9', 'slow')).json()).toMatchObject({ status: 409, code: 'idempotency_in_flight' });
    finish();
    expect((await first).json()).toEqual({ done: true });
    api.fakes.settlement.answers.delete('deposit');
  });

  it('run a failed attempt again instead of replaying the failure', async () => {
    api.fakes.settlement.answers.set('deposit', conflict('ledger_busy', 'later'));
    expect((await deposit('7', 'retry')).status).toBe(409);
    api.fakes.settlement.answers.set('deposit', { ok: 'now' });
    expect((await deposit('7', 'retry')).json()).toEqual({ ok: 'now' });
    api.fakes.settlement.answers.delete('deposit');
  });

  it('keep keys of different organisations apart', async () => {
    const teld = await api.tokenFor({ role: 'finance', organisation: 'TELD' });
    await deposit('1', 'shared');
    expect((await deposit('2', 'shared', teld)).status).toBe(201);
  });
});

describe('reference of a key', () => {
  it('is the key where the ledger can hold it, else its hash', () => {
    expect(referenceOf('abc_1-X')).toBe('abc_1-X');
    expect(referenceOf('a/b')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(referenceOf('a'.repeat(65))).not.toBe(referenceOf('a'.repeat(66)));
  });
});
