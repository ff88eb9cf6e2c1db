import { connect, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BUFFERED_CHUNKS_MAX, FRAGMENTS_MAX } from './limits.js';
import { KEY_HEX, OcppHarness, basicHeader, eventually } from './testing/ocpp-harness.js';

/** C14: memory stays flat under fragments. Full length is 10⁶; here 1 %. */
const FRAGMENT_COUNT = 10_000;
const HEAP_GROWTH_BYTES_MAX = 8 * 1024 * 1024;

let harness: OcppHarness;
beforeEach(async () => {
  harness = await new OcppHarness().start();
});
afterEach(() => harness.stop());

async function rawPile(): Promise<Socket> {
  const authorization = basicHeader('CP1', Buffer.from(KEY_HEX, 'hex'));
  const socket = connect(harness.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\nAuthorization: ${authorization}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

/** A masked frame (mask 0) of RFC 6455 with less than 126 bytes. */
function frame(isFinal: boolean, opcode: 0 | 1, text: string): Buffer {
  return Buffer.concat([
    Buffer.from([(isFinal ? 0x80 : 0) | opcode, 0x80 | text.length, 0, 0, 0, 0]),
    Buffer.from(text),
  ]);
}

describe('fragments (C14)', () => {
  it('puts a message of a few fragments together', async () => {
    const socket = await rawPile();
    const text = '[2,"1","Heartbeat",{}]';
    for (let at = 0; at < text.length; at++)
      socket.write(frame(at === text.length - 1, at === 0 ? 1 : 0, text.charAt(at)));
    await eventually(() => harness.router.calls.length === 1);
    expect(harness.router.calls[0]?.rawFrame).toBe(text);
    socket.destroy();
  });

  it('closes a message of more fragments than the limit, and the heap stays flat', async () => {
    const socket = await rawPile();
    const fragments = [frame(false, 1, 'x'), ...Array.from({ length: FRAGMENT_COUNT }, () => frame(false, 0, 'x'))];
    const bytes = Buffer.concat(fragments);
    const before = process.memoryUsage().heapUsed;
    socket.write(bytes);
    await eventually(() => harness.events.some((event) => event.kind === 'disconnected'));
    expect(harness.events.at(-1)).toMatchObject({ kind: 'disconnected', code: 1006 });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(HEAP_GROWTH_BYTES_MAX);
    expect(FRAGMENTS_MAX).toBeLessThan(FRAGMENT_COUNT);
    expect(harness.router.calls).toEqual([]);
  });

  it('drops a frame that trickles in more pieces than the limit', async () => {
    const socket = await rawPile();
    socket.setNoDelay(true);
    socket.write(Buffer.from([0x81, 0x80 | 126, 0x10, 0x00, 0, 0, 0, 0]));
    for (let piece = 0; piece < BUFFERED_CHUNKS_MAX * 4 && !socket.destroyed; piece++) {
      socket.write('x');
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => harness.events.some((event) => event.kind === 'disconnected'));
    expect(harness.router.calls).toEqual([]);
  }, 20_000);
});

describe('floor of the libraries (C13, C14)', () => {
  it.each([
    ['ws', [8, 21]],
    ['ajv', [8, 20]],
  ])('%s is %j or newer', (name, [major, minor]) => {
    const path = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const manifest: { version: string } = JSON.parse(readFileSync(path, 'utf8'));
    const [ownMajor = 0, ownMinor = 0] = manifest.version.split('.').map(Number);
    expect(ownMajor * 1000 + ownMinor).toBeGreaterThanOrEqual((major ?? 0) * 1000 + (minor ?? 0));
  });
});
