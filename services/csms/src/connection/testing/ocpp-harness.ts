import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { CallRouter, type CallReply, type InboundCall } from '../../ocpp/call.js';
import type { Eventually } from '../../ocpp/eventually.js';
import type { ChargePoint, ChargePointCredential } from '../../piles/charge-point.js';
import { SYSTEM_CLOCK, type Clock } from '../clock.js';
import { ConnectionEvents, type ConnectionEvent } from '../connection-log.js';
import { ConnectionRegistry } from '../connection-registry.js';
import { CredentialChecker, issuedKeyDigest } from '../credentials.js';
import { OcppServer, type OcppServerOptions } from '../ocpp-server.js';
import { MemoryPendingPiles } from '../pending-piles.js';
import type { LoggedFrame } from '../pile-caller.js';
import { UpgradeGuard } from '../upgrade-guard.js';

/** Key of a registered pile in specs: its 20 bytes as 40 hexadecimal characters. */
export const KEY_HEX = '00ff3a0d0a8000112233445566778899aabbccdd';
export const PEPPER = Buffer.alloc(32, 7);

export function pileOf(chargePointId: string, more: Partial<ChargePoint> = {}): ChargePoint {
  return {
    chargePointId,
    operatorId: 'TELD',
    stationId: 'S1',
    connectors: [{ connectorId: 1, ratedPowerW: 7000, type: 'AC' }],
    clock: 'live',
    simulated: false,
    strict: false,
    subprotocolOptional: false,
    securityProfile: 1,
    ...more,
  };
}

export function credentialOf(chargePointId: string): ChargePointCredential {
  const salt = Buffer.from(chargePointId);
  return { chargePointId, scheme: 'hmac', salt, digest: issuedKeyDigest(PEPPER, salt, Buffer.from(KEY_HEX, 'hex')) };
}

/** Answers from a function that a spec sets; the default acknowledges everything with `{}`. */
export class ScriptedRouter extends CallRouter {
  readonly calls: InboundCall[] = [];
  answer: (call: InboundCall) => Eventually<CallReply> = () => ({ type: 'result', payload: {} });

  override route(call: InboundCall): Eventually<CallReply> {
    this.calls.push(call);
    return this.answer(call);
  }
}

export interface HarnessOptions {
  readonly piles?: readonly ChargePoint[];
  readonly server?: Partial<OcppServerOptions>;
  readonly clock?: Clock;
}

/** The OCPP port on a free loopback port, with stores in memory and a scripted router. */
export class OcppHarness {
  readonly router = new ScriptedRouter();
  readonly frames: LoggedFrame[] = [];
  readonly events: ConnectionEvent[] = [];
  readonly pending = new MemoryPendingPiles();
  readonly piles: Map<string, ChargePoint>;
  readonly registry: ConnectionRegistry;
  isStoreDown = false;
  port = 0;
  tlsPort = 0;
  private readonly server: OcppServer;
  private readonly clients: WebSocket[] = [];

  constructor(options: HarnessOptions = {}) {
    const clock = options.clock ?? SYSTEM_CLOCK;
    this.piles = new Map((options.piles ?? [pileOf('CP1'), pileOf('CP2')]).map((pile) => [pile.chargePointId, pile]));
    const bus = new ConnectionEvents();
    bus.subscribe((event) => this.events.push(event));
    this.registry = new ConnectionRegistry(bus, clock);
    const chargePoints = {
      find: async (id: string) => {
        if (this.isStoreDown) throw new Error('store is down');
        return this.piles.get(id);
      },
      findCredential: async (id: string) => credentialOf(id),
    };
    const guard = new UpgradeGuard({
      chargePoints,
      pending: this.pending,
      events: bus,
      credentials: new CredentialChecker(PEPPER),
      clock,
    });
    this.server = new OcppServer(
      { host: '127.0.0.1', port: 0, ...options.server },
      {
        router: this.router,
        frameLog: { append: (frame) => void this.frames.push(frame) },
        guard,
        registry: this.registry,
        events: bus,
        clock,
        newId: randomUUID,
        random: () => 0.5,
      },
    );
  }

  async start(): Promise<this> {
    [this.port = 0, this.tlsPort = 0] = await this.server.start();
    return this;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.terminate();
    await this.server.stop();
  }

  /** An authenticated pile, open. */
  async connect(chargePointId = 'CP1'): Promise<TestPile> {
    const socket = this.socket(`/ocpp/${chargePointId}`, {
      user: chargePointId,
      password: Buffer.from(KEY_HEX, 'hex'),
    });
    const pile = new TestPile(socket);
    await pile.opened;
    return pile;
  }

  socket(path: string, basic?: { user: string; password: Buffer }, protocols: string[] = ['ocpp1.6']): WebSocket {
    const options = basic === undefined ? {} : { headers: { authorization: basicHeader(basic.user, basic.password) } };
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, protocols, options);
    this.clients.push(socket);
    return socket;
  }

  /** Status line and the rest of the answer to an upgrade with these headers. */
  upgrade(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    const all = {
      Host: 'localhost',
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol': 'ocpp1.6',
      ...headers,
    };
    const lines = Object.entries(all).filter(([, value]) => value !== '');
    return this.raw(`GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  }

  /** Sends bytes as they are; resolves when an answer's head is there, or the socket has closed. */
  raw(bytes: string | Buffer): Promise<RawAnswer> {
    return new Promise((resolve) => {
      const startedAtMs = performance.now();
      let text = '';
      const socket = connect(this.port, '127.0.0.1', () => socket.write(bytes));
      const end = (): void => {
        socket.destroy();
        resolve({
          status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0),
          text,
          tookMs: performance.now() - startedAtMs,
        });
      };
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text.startsWith('HTTP/1.1 101')) end();
      });
      socket.on('error', end);
      socket.on('close', end);
    });
  }
}

export interface RawAnswer {
  /** 0 when there was no HTTP answer. */
  readonly status: number;
  readonly text: string;
  readonly tookMs: number;
}

export function basicHeader(user: string, password: Buffer): string {
  return `Basic ${Buffer.concat([Buffer.from(`${user}:`), password]).toString('base64')}`;
}

/** A client that speaks literal frames and keeps all that it hears. */
export class TestPile {
  readonly heard: string[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  private wake: (() => void)[] = [];

  constructor(readonly socket: WebSocket) {
    this.opened = new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
    });
    this.closed = new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.heard.push(data.toString());
      for (const wake of this.wake.splice(0)) wake();
    });
  }

  send(frame: string): void {
    this.socket.send(frame);
  }

  /** The frames heard, once there are `count` of them. */
  async hears(count: number): Promise<readonly string[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.wake.push(resolve));
    return this.heard;
  }
}

/** Polls until the condition holds; the spec's own time limit is the bound. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
