import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallReply } from '../ocpp/call.js';
import {
  CLOSE_GOING_AWAY,
  CLOSE_POLICY_VIOLATION,
  CLOSE_REPLACED,
  CLOSE_TRY_AGAIN_LATER,
  CLOSE_UNSUPPORTED_DATA,
} from './close-codes.js';
import {
  BAD_FRAMES_MAX,
  INBOUND_QUEUE_MAX,
  LOOP_LAG_MS_MAX,
  OUTAGE_MS,
  PAYLOAD_BYTES_MAX,
  SWEEP_INTERVAL_MS,
} from './limits.js';
import { KEY_HEX, OcppHarness, TestPile, eventually, pileOf } from './testing/ocpp-harness.js';

let harness: OcppHarness;
beforeEach(async () => {
  harness = await new OcppHarness({
    piles: [pileOf('CP1'), pileOf('CP2'), pileOf('OLD', { subprotocolOptional: true })],
  }).start();
});
afterEach(() => harness.stop());

const keyOf = (user: string) => ({ user, password: Buffer.from(KEY_HEX, 'hex') });

describe('subprotocol (guarantee 2)', () => {
  it.each([[['ocpp1.6']], [['ocpp0.1', 'ocpp1.6']], [['ocpp2.0.1', 'ocpp1.6']]])(
    'answers %j with ocpp1.6',
    async (offered) => {
      const pile = new TestPile(harness.socket('/ocpp/CP1', keyOf('CP1'), offered));
      await pile.opened;
      expect(pile.socket.protocol).toBe('ocpp1.6');
    },
  );

  it.each([[['ocpp2.0.1']], [['ocpp1.6j']], [['OCPP1.6']], [[]]])('refuses %j with 400', async (offered) => {
    const pile = new TestPile(harness.socket('/ocpp/CP1', keyOf('CP1'), offered));
    await expect(pile.opened).rejects.toThrow('HTTP 400');
  });

  it('makes an exception for a station that omits it, and validates all the same', async () => {
    const pile = new TestPile(harness.socket('/ocpp/OLD', keyOf('OLD'), []));
    await pile.opened;
    expect(pile.socket.protocol).toBe('');
    pile.send('[2,"1","Heartbeat",{}]');
    await pile.hears(1);
    expect(harness.router.calls).toHaveLength(1);
    await expect(new TestPile(harness.socket('/ocpp/OLD', keyOf('OLD'), ['ocpp2.0.1'])).opened).rejects.toThrow(
      'HTTP 400',
    );
  });
});

describe('frames', () => {
  it('hands a call to the router as it came and sends the answer', async () => {
    harness.router.answer = () => ({ type: 'result', payload: { currentTime: '2026-01-01T00:00:00Z' } });
    const pile = await harness.connect();
    pile.send('[2, "m1", "Heartbeat", {}]');
    expect(await pile.hears(1)).toEqual(['[3,"m1",{"currentTime":"2026-01-01T00:00:00Z"}]']);
    expect(harness.router.calls[0]).toMatchObject({
      chargePointId: 'CP1',
      messageId: 'm1',
      action: 'Heartbeat',
      rawFrame: '[2, "m1", "Heartbeat", {}]',
    });
    expect(harness.frames.map(({ direction, frame, action }) => [direction, frame, action])).toEqual([
      ['in', '[2, "m1", "Heartbeat", {}]', 'Heartbeat'],
      ['out', '[3,"m1",{"currentTime":"2026-01-01T00:00:00Z"}]', 'Heartbeat'],
    ]);
  });

  it('refuses malformed text in the standard words, echoing nothing', async () => {
    const pile = await harness.connect();
    pile.send('{"canary":1}');
    pile.send('[2,"m2","Heartbeat"]');
    const heard = await pile.hears(2);
    expect(heard[0]).toMatch(
      /^\[4,"-1","FormationViolation","Payload for Action is syntactically incorrect[^"]*",\{\}\]$/,
    );
    expect(heard[1]).toMatch(/^\[4,"m2","FormationViolation","[^"]*",\{\}\]$/);
    expect(heard.join('')).not.toContain('canary');
  });

  it('closes a socket that sends nothing but malformed frames', async () => {
    const pile = await harness.connect();
    for (let sent = 0; sent <= BAD_FRAMES_MAX; sent++) pile.send('x');
    expect((await pile.closed).code).toBe(CLOSE_POLICY_VIOLATION);
  });

  it('takes no binary frames', async () => {
    const pile = await harness.connect();
    pile.socket.send(Buffer.from('[2,"1","Heartbeat",{}]'), { binary: true });
    expect((await pile.closed).code).toBe(CLOSE_UNSUPPORTED_DATA);
  });

  it('flags a message id that comes back with other content, not an ordinary retry (C9)', async () => {
    const pile = await harness.connect();
    pile.send('[2,"1","Heartbeat",{}]');
    pile.send('[2,"1","Heartbeat",{}]');
    pile.send('[2,"1","Authorize",{"idTag":"A"}]');
    await pile.hears(3);
    expect(harness.router.calls.map((call) => call.flags)).toEqual([[], [], ['reused_message_id']]);
  });
});

describe('message size (guarantee 3, C14)', () => {
  it('takes a message of the limit and closes with 1009 beyond', async () => {
    const [head, tail] = ['[2,"1","DataTransfer",{"data":"', '"}]'];
    const frame = (length: number): string => head + 'x'.repeat(length - head.length - tail.length) + tail;
    const pile = await harness.connect();
    pile.send(frame(PAYLOAD_BYTES_MAX));
    await pile.hears(1);
    expect(harness.router.calls[0]?.rawFrame).toHaveLength(PAYLOAD_BYTES_MAX);
    pile.send(frame(PAYLOAD_BYTES_MAX + 1));
    expect((await pile.closed).code).toBe(1009);
    expect(harness.router.calls).toHaveLength(1);
  });

  it('negotiates no compression', async () => {
    const pile = await harness.connect();
    expect(pile.socket.extensions).toBe('');
  });
});

describe('order (guarantee 4)', () => {
  it('runs the calls of one pile one at a time in order of arrival, though later ones are faster', async () => {
    let running = 0;
    let runningMost = 0;
    harness.router.answer = async (call) => {
      runningMost = Math.max(runningMost, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10 - Number(call.messageId)));
      running--;
      return { type: 'result', payload: {} };
    };
    const pile = await harness.connect();
    for (let id = 0; id < 10; id++) pile.send(`[2,"${id}","Heartbeat",{}]`);
    expect(await pile.hears(10)).toEqual(Array.from({ length: 10 }, (_, id) => `[3,"${id}",{}]`));
    expect(runningMost).toBe(1);
  });

  it('lets no pile wait for another', async () => {
    let release = (): void => undefined;
    const gate = new Promise<CallReply>((resolve) => (release = () => resolve({ type: 'result', payload: {} })));
    harness.router.answer = (call) => (call.chargePointId === 'CP1' ? gate : { type: 'result', payload: {} });
    const stuck = await harness.connect('CP1');
    const quick = await harness.connect('CP2');
    stuck.send('[2,"1","Heartbeat",{}]');
    quick.send('[2,"1","Heartbeat",{}]');
    expect(await quick.hears(1)).toEqual(['[3,"1",{}]']);
    expect(stuck.heard).toEqual([]);
    release();
    await stuck.hears(1);
  });

  it('stops reading a pile that floods while its call runs, and loses nothing', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    harness.router.answer = async () => {
      await gate;
      return { type: 'result', payload: {} };
    };
    const pile = await harness.connect();
    const count = INBOUND_QUEUE_MAX * 20;
    const padding = 'x'.repeat(4000);
    for (let id = 0; id < count; id++) pile.send(`[2,"${id}","MeterValues",{"x":"${padding}"}]`);
    await eventually(() => harness.frames.length >= INBOUND_QUEUE_MAX);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(harness.frames.length).toBeLessThan(count / 2);
    release();
    const heard = await pile.hears(count);
    expect(heard[count - 1]).toBe(`[3,"${count - 1}",{}]`);
  });
});

describe('outbound calls (guarantee 6)', () => {
  it('has one call in flight and matches answers by id', async () => {
    const pile = await harness.connect();
    const first = harness.registry.call('CP1', 'Reset', { type: 'Soft' }, 1000);
    const second = harness.registry.call('CP1', 'ClearCache', {}, 1000);
    const [sent] = await pile.hears(1);
    const [, id, action] = JSON.parse(sent ?? '');
    expect([action, pile.heard.length]).toEqual(['Reset', 1]);
    pile.send(`[3,"${id}",{"status":"Accepted"}]`);
    expect(await first).toEqual({ type: 'result', payload: { status: 'Accepted' } });
    const [, next] = await pile.hears(2);
    pile.send(`[4,"${JSON.parse(next ?? '')[1]}","NotSupported","no",{}]`);
    expect(await second).toMatchObject({ type: 'error', code: 'NotSupported', description: 'no', details: {} });
  });

  it('is not held up by a call of the pile that runs', async () => {
    let release = (): void => undefined;
    harness.router.answer = () => new Promise((resolve) => (release = () => resolve({ type: 'result', payload: {} })));
    const pile = await harness.connect();
    pile.send('[2,"1","Heartbeat",{}]');
    const ended = harness.registry.call('CP1', 'ClearCache', {}, 1000);
    expect((await pile.hears(1))[0]).toContain('ClearCache');
    release();
    pile.socket.terminate();
    // It was sent, and may have been heard.
    expect(await ended).toEqual({ type: 'timeout' });
  });

  it('says that a pile is not connected here', async () => {
    expect(harness.registry.isConnected('CP1')).toBe(false);
    expect(await harness.registry.call('CP1', 'ClearCache', {}, 1000)).toEqual({ type: 'not-connected' });
  });

  it('counts an answer to nothing', async () => {
    const pile = await harness.connect();
    pile.send('[3,"never-asked",{}]');
    await eventually(() => harness.events.some((event) => event.kind === 'late-answer'));
    expect(harness.events.at(-1)).toMatchObject({ kind: 'late-answer', messageId: 'never-asked', known: false });
  });
});

describe('one socket per identity (guarantee 7, C2, C3)', () => {
  it('lets the authenticated newcomer win and closes the older', async () => {
    const older = await harness.connect();
    const newer = await harness.connect();
    expect((await older.closed).code).toBe(CLOSE_REPLACED);
    newer.send('[2,"1","Heartbeat",{}]');
    await newer.hears(1);
    await eventually(() => harness.events.some((event) => event.kind === 'disconnected'));
    expect(harness.registry.isConnected('CP1')).toBe(true);
    const swapped = harness.events.find((event) => event.kind === 'swapped');
    expect(swapped).toMatchObject({ chargePointId: 'CP1', remoteAddress: '127.0.0.1' });
  });

  it('never disturbs the live socket for a newcomer without the key', async () => {
    const live = await harness.connect();
    for (let attempt = 0; attempt < 8; attempt++) {
      const stranger = new TestPile(harness.socket('/ocpp/CP1', { user: 'CP1', password: Buffer.alloc(20, attempt) }));
      await expect(stranger.opened).rejects.toThrow(/HTTP 4(01|29)/);
    }
    live.send('[2,"1","Heartbeat",{}]');
    expect(await live.hears(1)).toEqual(['[3,"1",{}]']);
  });

  it('finishes the calls of the older socket before those of the newer', async () => {
    const log: string[] = [];
    harness.router.answer = async (call) => {
      log.push(`start ${call.messageId}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      log.push(`end ${call.messageId}`);
      return { type: 'result', payload: {} };
    };
    const older = await harness.connect();
    older.send('[2,"a","StopTransaction",{}]');
    older.send('[2,"b","StopTransaction",{}]');
    await eventually(() => harness.frames.length === 2);
    const newer = await harness.connect();
    newer.send('[2,"c","StartTransaction",{}]');
    expect(await newer.hears(1)).toEqual(['[3,"c",{}]']);
    expect(log).toEqual(['start a', 'end a', 'start b', 'end b', 'start c', 'end c']);
  });

  it('raises an alarm when two devices fight, and turns remote commands off', async () => {
    for (let connection = 0; connection < 4; connection++) await harness.connect();
    expect(harness.events.filter((event) => event.kind === 'contested')).toMatchObject([
      { chargePointId: 'CP1', swaps: 3 },
    ]);
    expect(harness.registry.isConnected('CP1')).toBe(true);
    expect(await harness.registry.call('CP1', 'ClearCache', {}, 1000)).toEqual({ type: 'not-connected' });
  });

  it('gives every socket of a pile a higher epoch', async () => {
    for (const id of ['1', '2', '3']) {
      const pile = await harness.connect();
      pile.send(`[2,"${id}","Heartbeat",{}]`);
      await pile.hears(1);
    }
    const epochs = harness.router.calls.map((call) => call.connectionEpoch);
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  });
});

describe('outage (reliability.md section 1)', () => {
  const down: CallReply = { type: 'close', reason: 'store unavailable', outage: true };

  it('answers nothing, closes with 1013, forgets what waits, and refuses newcomers with 503', async () => {
    harness.router.answer = () => down;
    const pile = await harness.connect();
    pile.send('[2,"1","StopTransaction",{}]');
    pile.send('[2,"2","StopTransaction",{}]');
    expect(await pile.closed).toEqual({ code: CLOSE_TRY_AGAIN_LATER, reason: 'store unavailable' });
    expect(pile.heard).toEqual([]);
    expect(harness.router.calls).toHaveLength(1);
    const answer = await harness.upgrade('/ocpp/CP2');
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('Retry-After: 10\r\n');
  });

  it('refuses newcomers with 503 while the store cannot be read', async () => {
    harness.isStoreDown = true;
    const answer = await harness.upgrade('/ocpp/CP1');
    expect(answer.status).toBe(503);
    expect(answer.text).toMatch(/Retry-After: \d+\r\n/);
    harness.isStoreDown = false;
    await harness.connect();
  });
});

describe('overload (reliability.md section 6)', () => {
  it('sends newcomers away with 503 after the event loop stood still, and serves who is here', async () => {
    let offsetMs = 0;
    const clock = { now: () => Date.now(), monotonic: () => performance.now() + offsetMs };
    const busy = await new OcppHarness({ clock }).start();
    const pile = await busy.connect('CP1');
    offsetMs = SWEEP_INTERVAL_MS + LOOP_LAG_MS_MAX + 1;
    await new Promise((resolve) => setTimeout(resolve, SWEEP_INTERVAL_MS + 100));
    const answer = await busy.upgrade('/ocpp/CP2');
    expect(answer.status).toBe(503);
    pile.send('[2,"1","Heartbeat",{}]');
    expect(await pile.hears(1)).toEqual(['[3,"1",{}]']);
    offsetMs += OUTAGE_MS;
    await busy.connect('CP2');
    await busy.stop();
  });
});

describe('stop', () => {
  it('says goodbye with 1001 after the running calls have ended', async () => {
    let ended = false;
    harness.router.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ended = true;
      return { type: 'result', payload: {} };
    };
    const pile = await harness.connect();
    pile.send('[2,"1","StopTransaction",{}]');
    await eventually(() => harness.router.calls.length === 1);
    await harness.stop();
    expect(ended).toBe(true);
    expect([CLOSE_GOING_AWAY, 1006]).toContain((await pile.closed).code);
  });
});
