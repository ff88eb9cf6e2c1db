import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LiveLogEntry, Principal } from '@tallywatt/contracts';
import { startTestApi, type TestApi } from '../api/testing/test-api.js';
import type { SourceEvent } from './live-log-source.js';
import { TAIL_EVENTS_MAX } from './live-log.controller.js';
import { LiveLogService } from './live-log.service.js';

let api: TestApi;
const streams: AbortController[] = [];

beforeAll(async () => {
  api = await startTestApi();
});
afterEach(async () => {
  streams.splice(0).forEach((stream) => stream.abort());
  // The shared reader forgets its place with its last listener; sequences start anew in each test.
  await until(() => api.app.get(LiveLogService).listenerCount === 0);
  api.fakes.log.events.length = 0;
});
afterAll(() => api.app.close());

interface Party {
  readonly operatorId?: string | null;
  readonly userOperatorId?: string | null;
  readonly evId?: string | null;
}

function event(source: SourceEvent['source'], seq: number, text: string, party: Party = {}): SourceEvent {
  const { operatorId = 'STAR', userOperatorId = null, evId = null } = party;
  const kind = source === 'csms' ? 'frame' : 'settlement';
  const entry = {
    kind,
    at: '2026-01-01T00:00:00.000Z',
    chargePointId: `CP-${operatorId}`,
    sessionId: null,
    operatorId,
    text,
    data: null,
  } as const;
  return { source, seq: BigInt(seq), operatorId, userOperatorId, evId, entry };
}

/** Adds events and tells the service, as a commit does. */
function happen(...events: SourceEvent[]): void {
  api.fakes.log.events.push(...events);
  api.app.get(LiveLogService).poke();
}

async function listen(principal: Omit<Principal, 'name'>, headers: Record<string, string> = {}, query = '') {
  const token = await api.tokenFor(principal);
  const stream = new AbortController();
  streams.push(stream);
  const authorization = `Bearer ${token}`;
  const response = await fetch(`${api.url}/v1/events${query}`, {
    headers: { authorization, ...headers },
    signal: stream.signal,
  });
  const got: LiveLogEntry[] = [];
  const raw: string[] = [];
  void collect(response, got, raw).catch(() => undefined);
  return { response, got, raw };
}

async function collect(response: Response, got: LiveLogEntry[], raw: string[]): Promise<void> {
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    raw.push(...blocks);
    for (const block of blocks) {
      const data = /^data: ([^\n]*)/m.exec(block)?.[1];
      if (data !== undefined) got.push(JSON.parse(data) as LiveLogEntry);
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 4_000) throw new Error('did not happen within 4 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const STAR = { role: 'operator', organisation: 'STAR' } as const;
const TELD = { role: 'operator', organisation: 'TELD' } as const;

describe('GET /v1/events', () => {
  it('streams what happens from now on, each with the cursor pair as id', async () => {
    api.fakes.log.events.push(event('csms', 1, 'old'));
    const { response, got, raw } = await listen(STAR);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    happen(event('csms', 2, 'boot'), event('settlement', 1, 'final'));
    await until(() => got.length === 2);
    expect(got.map(({ id, text }) => [id, text])).toEqual([
      ['c2-s0', 'boot'],
      ['c2-s1', 'final'],
    ]);
    expect(raw.find((block) => block.includes('boot'))).toMatch(/^id: c2-s0\nevent: frame\ndata: \{/);
  });

  it('resumes after the last id without a gap and without a repetition', async () => {
    for (let seq = 1; seq <= 1_700; seq += 1) api.fakes.log.events.push(event('csms', seq, `e${seq}`));
    const { got } = await listen(STAR, { 'last-event-id': 'c100-s0' });
    await until(() => got.length >= 1_600);
    happen(event('csms', 1_701, 'live'));
    await until(() => got.at(-1)?.text === 'live');
    expect(got.map(({ id }) => id)).toEqual(Array.from({ length: 1_601 }, (_, index) => `c${index + 101}-s0`));
  });

  it('starts some events back when asked to', async () => {
    for (let seq = 1; seq <= 10; seq += 1) api.fakes.log.events.push(event('csms', seq, `e${seq}`));
    const { got } = await listen(STAR, {}, '?tail=3');
    await until(() => got.length === 3);
    expect(got.map(({ text }) => text)).toEqual(['e8', 'e9', 'e10']);
  });

  it.each(['x', 'c1', 'c-1-s0', 'c1-s1-s1', `c${'9'.repeat(40)}-s0`, 'c1-s0; drop'])(
    'refuses %j as last id',
    async (id) => {
      const { response } = await listen(STAR, { 'last-event-id': id });
      expect(response.status).toBe(400);
    },
  );

  it('gives no longer history than a page shows', async () => {
    const { response } = await listen(STAR, {}, `?tail=${TAIL_EVENTS_MAX + 1}`);
    expect(response.status).toBe(400);
  });

  it('joins although rows between its cursor and the shared reader were dropped', async () => {
    api.fakes.log.events.push(event('csms', 5, 'kept a week'));
    const first = await listen(STAR, { 'last-event-id': 'c0-s0' });
    await until(() => first.got.length === 1);
    api.fakes.log.events.length = 0;
    const second = await listen(STAR, { 'last-event-id': 'c2-s0' });
    await until(() => api.app.get(LiveLogService).listenerCount === 2);
    happen(event('csms', 6, 'new'));
    await until(() => second.got.length === 1);
    expect(second.got.map(({ id }) => id)).toEqual(['c6-s0']);
  });

  it('applies filters on top of the scope', async () => {
    const supervisor = await listen({ role: 'supervisor', organisation: 'SUPERVISION' }, {}, '?chargePointId=CP-TELD');
    const kinds = await listen(STAR, {}, '?kind=settlement');
    happen(event('csms', 1, 'a'), event('csms', 2, 'b', { operatorId: 'TELD' }), event('settlement', 1, 'c'));
    await until(() => supervisor.got.length === 1 && kinds.got.length === 1);
    expect([supervisor.got[0]?.text, kinds.got[0]?.text]).toEqual(['b', 'c']);
  });

  it('reads once for all listeners, and not at all for none', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => listen(STAR)));
    const before = api.fakes.log.reads;
    happen(event('csms', 1, 'shared'));
    await until(() => many.every(({ got }) => got.length === 1));
    expect(api.fakes.log.reads - before).toBeLessThanOrEqual(3);
    streams.splice(0).forEach((stream) => stream.abort());
    await until(() => api.app.get(LiveLogService).listenerCount === 0);
    const idle = api.fakes.log.reads;
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(api.fakes.log.reads).toBe(idle);
  });

  it('leaks nothing between two operators over 10,000 events', async () => {
    const [star, teld] = [await listen(STAR), await listen(TELD)];
    const finance = await listen({ role: 'finance', organisation: 'TELD' });
    const driver = await listen({ role: 'driver', organisation: 'TELD', evId: 'EV-7' });
    const parties = [
      { operatorId: 'STAR' },
      { operatorId: 'TELD' },
      { operatorId: 'STAR', userOperatorId: 'TELD', evId: 'EV-7' },
      { operatorId: null },
    ];
    for (let seq = 1; seq <= 10_000; seq += 1) {
      const party = parties[seq % parties.length] ?? {};
      api.fakes.log.events.push(event('csms', seq, JSON.stringify(party), party));
    }
    api.app.get(LiveLogService).poke();
    await until(
      () =>
        star.got.length === 5_000 &&
        teld.got.length === 2_500 &&
        finance.got.length === 5_000 &&
        driver.got.length === 2_500,
    );
    expect(new Set(star.got.map(({ operatorId }) => operatorId))).toEqual(new Set(['STAR']));
    expect(new Set(teld.got.map(({ operatorId }) => operatorId))).toEqual(new Set(['TELD']));
    expect(new Set(finance.got.map(({ text }) => text))).toEqual(
      new Set([JSON.stringify(parties[1]), JSON.stringify(parties[2])]),
    );
    expect(new Set(driver.got.map(({ text }) => text))).toEqual(new Set([JSON.stringify(parties[2])]));
    expect(JSON.stringify(star.got)).not.toContain('EV-7"}');
  }, 20_000);

  it('lets no text of a charger end a line of the stream', async () => {
    const { got, raw } = await listen(STAR);
    const hostile = [
      'a\nid: 9',
      'b\r\n\r\nevent: x',
      'c\u2028d',
      '\x1b[2J',
      '<img src=x onerror=alert(1)>',
      '\u202Eevil',
    ];
    happen(...hostile.map((text, index) => event('csms', index + 1, text)));
    await until(() => got.length === hostile.length);
    expect(got.map(({ text }) => text)).toEqual(hostile);
    for (const block of raw.filter((part) => part.startsWith('id'))) expect(block.split(/\r\n|\r|\n/)).toHaveLength(3);
  });

  it('answers HEAD and ends', async () => {
    const token = await api.tokenFor(STAR);
    expect((await api.request(token, 'HEAD', '/v1/events')).status).toBe(200);
  });
});
