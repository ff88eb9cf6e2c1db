import { createServer, connect, type Server, type Socket } from 'node:net';

/** Which way bytes go: `up` from the client to the server, `down` back. */
export type Direction = 'up' | 'down';

/**
 * One fault of one connection. Frames are WebSocket messages after the upgrade, counted from 1 in the direction given.
 * - `cut`: both sockets are reset as soon as frame `afterFrame` has passed.
 * - `drop-answer`: frame `afterFrame` passes up, and the sockets are reset before the server's next frame passes down.
 * - `swallow`: the first frame down that holds `text` does not arrive; everything else passes.
 * - `dribble`: every byte travels alone, `everyMs` apart; both sockets are reset after frame `afterFrame` up.
 * - `freeze`: after frame `afterFrame` nothing moves any more in either direction; the sockets stay open.
 * - `half-close`: after frame `afterFrame` the side it went to sees the end of the stream, the other way stays open.
 */
export type ProxyFault =
  | { readonly kind: 'cut'; readonly direction: Direction; readonly afterFrame: number }
  | { readonly kind: 'drop-answer'; readonly afterFrame: number }
  | { readonly kind: 'swallow'; readonly text: string }
  | { readonly kind: 'dribble'; readonly everyMs: number; readonly afterFrame: number }
  | { readonly kind: 'freeze'; readonly direction: Direction; readonly afterFrame: number }
  | { readonly kind: 'half-close'; readonly direction: Direction; readonly afterFrame: number };

/** How long an upgrade's head may get before it is no HTTP. */
export const HEAD_BYTES_MAX = 16_384;

/** Counts WebSocket frames in a stream of bytes that begins with an HTTP head; answers where each one ends. */
export class FrameCounter {
  private pending = Buffer.alloc(0);
  private inHead = true;
  private frames = 0;

  /** The bytes cut after every complete frame (or head); the number is that of frames complete by then. */
  push(chunk: Buffer): { readonly bytes: Buffer; readonly frames: number }[] {
    const found: { bytes: Buffer; frames: number }[] = [];
    this.pending = Buffer.concat([this.pending, chunk]);
    for (let end = this.unitEnd(); end !== undefined; end = this.unitEnd()) {
      if (this.inHead) this.inHead = false;
      else this.frames += 1;
      found.push({ bytes: this.pending.subarray(0, end), frames: this.frames });
      this.pending = this.pending.subarray(end);
    }
    return found;
  }

  private unitEnd(): number | undefined {
    const end = this.inHead ? headEnd(this.pending) : frameEnd(this.pending);
    return end !== undefined && end <= this.pending.length ? end : undefined;
  }
}

function headEnd(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0 && bytes.length > HEAD_BYTES_MAX) throw new Error('no HTTP head');
  return end < 0 ? undefined : end + 4;
}

/** RFC 6455 section 5.2: two bytes, extended length, mask, payload. */
function frameEnd(bytes: Buffer): number | undefined {
  const second = bytes[1];
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extended) return undefined;
  const payload = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return 2 + extended + ((second & 0x80) === 0 ? 0 : 4) + payload;
}

/** One proxied connection with its fault. */
class Passage {
  private frozen = false;
  private answerIsDue = false;
  private hasSwallowed = false;
  private readonly counters = { up: new FrameCounter(), down: new FrameCounter() };
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly fault: ProxyFault | undefined,
    private readonly happened: () => void,
  ) {
    this.pass('up', client, server);
    this.pass('down', server, client);
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  private pass(direction: Direction, from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      for (const unit of this.counters[direction].push(chunk)) this.unit(direction, unit, to);
    });
    from.on('end', () => void (this.frozen || to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => void (this.frozen || to.destroy()));
  }

  private unit(direction: Direction, unit: { bytes: Buffer; frames: number }, to: Socket): void {
    if (this.frozen || to.destroyed) return;
    const { fault } = this;
    if (this.answerIsDue && direction === 'down') return this.strike(() => this.reset());
    if (fault?.kind === 'dribble') return this.dribble(unit.bytes, to, fault.everyMs, this.isLast(direction, unit));
    if (fault?.kind === 'swallow') return this.swallow(direction, unit.bytes, to, fault.text);
    to.write(unit.bytes);
    if (fault === undefined || unit.frames !== fault.afterFrame) return;
    if (fault.kind === 'drop-answer') {
      if (direction === 'up') this.answerIsDue = true;
    } else if (direction === fault.direction) this.strikeWith(fault.kind, to);
  }

  /** A server's frames are not masked: its text can be read in the bytes. */
  private swallow(direction: Direction, bytes: Buffer, to: Socket, text: string): void {
    if (this.hasSwallowed || direction === 'up' || !bytes.includes(text)) to.write(bytes);
    else this.strike(() => (this.hasSwallowed = true));
  }

  private strikeWith(kind: 'cut' | 'freeze' | 'half-close', to: Socket): void {
    // A reset throws away what is still in the buffers: the frame itself has to leave first.
    if (kind === 'cut') this.strike(() => to.write('', () => setImmediate(() => this.reset())));
    if (kind === 'freeze') this.strike(() => (this.frozen = true));
    if (kind === 'half-close') this.strike(() => to.end());
  }

  private strike(fault: () => unknown): void {
    this.happened();
    fault();
  }

  private isLast(direction: Direction, { frames }: { frames: number }): boolean {
    return direction === 'up' && this.fault?.kind === 'dribble' && frames >= this.fault.afterFrame;
  }

  private dribble(bytes: Buffer, to: Socket, everyMs: number, isLast: boolean): void {
    this.writing = this.writing.then(async () => {
      for (const byte of bytes) {
        if (to.destroyed) return;
        to.write(Buffer.of(byte));
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
      if (isLast) this.strike(() => this.reset());
    });
  }
}

/** A TCP proxy on a free port of 127.0.0.1 whose connections break as told. Knows WebSocket frames, no OCPP. */
export class TcpProxy {
  private readonly passages = new Set<Passage>();
  /** Faults that have struck. */
  struck = 0;

  private constructor(
    private readonly listener: Server,
    readonly port: number,
  ) {}

  /** `nextFault` is asked once per new connection; undefined lets everything pass. */
  static listen(target: { host: string; port: number }, nextFault: () => ProxyFault | undefined): Promise<TcpProxy> {
    const listener = createServer();
    return new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(0, '127.0.0.1', () => {
        const address = listener.address();
        if (address === null || typeof address === 'string') return reject(new Error('no port'));
        const proxy = new TcpProxy(listener, address.port);
        listener.on('connection', (client) => proxy.accept(client, target, nextFault()));
        resolve(proxy);
      });
    });
  }

  /** Resets what is open and stops listening. */
  async close(): Promise<void> {
    for (const passage of this.passages) passage.reset();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private accept(client: Socket, target: { host: string; port: number }, fault: ProxyFault | undefined): void {
    const server = connect({ ...target, allowHalfOpen: true, noDelay: true });
    client.allowHalfOpen = true;
    client.setNoDelay(true);
    const passage = new Passage(client, server, fault, () => (this.struck += 1));
    this.passages.add(passage);
    client.once('close', () => this.passages.delete(passage));
  }
}
