import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameCounter, HEAD_BYTES_MAX, TcpProxy, type ProxyFault } from './tcp-proxy.js';

describe('frame counter', () => {
  const head = Buffer.from('GET / HTTP/1.1\r\n\r\n');
  const unmasked = (length: number): Buffer => {
    const bytes = length < 126 ? Buffer.of(0x81, length) : Buffer.of(0x81, 126, length >> 8, length & 255);
    return Buffer.concat([bytes, Buffer.alloc(length)]);
  };
  const masked = Buffer.concat([Buffer.of(0x81, 0x83, 1, 2, 3, 4), Buffer.alloc(3)]);

  it('cuts a stream after head and frames, however it arrives', () => {
    const stream = Buffer.concat([head, unmasked(5), masked, unmasked(300)]);
    const ends = [head.length, 7, 9, 304];
    expect(new FrameCounter().push(stream).map(({ bytes }) => bytes.length)).toEqual(ends);
    const counter = new FrameCounter();
    const single = [...stream].flatMap((byte) => counter.push(Buffer.of(byte)));
    expect(single.map(({ bytes, frames }) => [bytes.length, frames])).toEqual(ends.map((end, index) => [end, index]));
  });

  it('knows the 64-bit length', () => {
    const long = Buffer.concat([Buffer.of(0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70), Buffer.alloc(70_000)]);
    const counter = new FrameCounter();
    counter.push(head);
    expect(counter.push(long).map(({ bytes }) => bytes.length)).toEqual([70_010]);
  });

  it('refuses a head without end', () => {
    expect(() => new FrameCounter().push(Buffer.alloc(HEAD_BYTES_MAX + 1, 'x'))).toThrow('no HTTP head');
  });
});

describe('TCP proxy', () => {
  let server: WebSocketServer;
  let heard: string[] = [];
  beforeEach(async () => {
    heard = [];
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer) => {
        heard.push(data.toString());
        socket.send(`answer to ${data.toString()}`);
      });
    });
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterEach(() => server.close());

  /** Sends a, b and c one after the other through the fault; answers what came back and how the socket ended. */
  async function play(fault: ProxyFault | undefined): Promise<{ answers: string[]; closed: boolean; struck: number }> {
    const { port } = server.address() as { port: number };
    const proxy = await TcpProxy.listen({ host: '127.0.0.1', port }, () => fault);
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}`);
    const answers: string[] = [];
    let closed = false;
    socket.on('error', () => undefined);
    const rest = ['b', 'c'];
    socket.on('open', () => socket.send('a'));
    socket.on('message', (data: Buffer) => {
      answers.push(data.toString());
      const next = rest.shift();
      if (next !== undefined) socket.send(next);
    });
    await new Promise<void>((resolve) => {
      socket.once('close', () => {
        closed = true;
        resolve();
      });
      setTimeout(resolve, 700);
    });
    const { struck } = proxy;
    socket.terminate();
    await proxy.close();
    return { answers, closed, struck };
  }
  const answersTo = (...texts: string[]): string[] => texts.map((text) => `answer to ${text}`);

  it('passes everything without a fault', async () => {
    expect(await play(undefined)).toEqual({ answers: answersTo('a', 'b', 'c'), closed: false, struck: 0 });
  });

  it('cuts after the n-th frame, which still arrives', async () => {
    const played = await play({ kind: 'cut', direction: 'up', afterFrame: 2 });
    expect(played).toMatchObject({ closed: true, struck: 1 });
    expect(played.answers).not.toContain('answer to c');
    expect(heard.slice(0, 2)).toEqual(['a', 'b']);
  });

  it('drops exactly the answer', async () => {
    const played = await play({ kind: 'drop-answer', afterFrame: 2 });
    expect(played).toEqual({ answers: answersTo('a'), closed: true, struck: 1 });
    expect(heard).toEqual(['a', 'b']);
  });

  it('swallows the one frame that holds a text, and nothing else', async () => {
    const played = await play({ kind: 'swallow', text: 'answer to a' });
    expect(played).toEqual({ answers: [], closed: false, struck: 1 });
    expect(heard).toEqual(['a']);
    expect(await play({ kind: 'swallow', text: 'answer to d' })).toMatchObject({
      answers: answersTo('a', 'b', 'c'),
      struck: 0,
    });
  });

  it('freezes without closing', async () => {
    const played = await play({ kind: 'freeze', direction: 'up', afterFrame: 2 });
    expect(played).toEqual({ answers: answersTo('a'), closed: false, struck: 1 });
    expect(heard).toEqual(['a', 'b']);
  });

  it('half-closes towards the server', async () => {
    const played = await play({ kind: 'half-close', direction: 'up', afterFrame: 2 });
    expect(played).toMatchObject({ closed: true, struck: 1 });
    expect(heard).toEqual(['a', 'b']);
  });

  it('dribbles, and everything still arrives', async () => {
    const played = await play({ kind: 'dribble', everyMs: 0, afterFrame: 2 });
    expect(played.answers).toContain('answer to a');
    expect(played).toMatchObject({ closed: true, struck: 1 });
    expect(heard.slice(0, 2)).toEqual(['a', 'b']);
  });
});
