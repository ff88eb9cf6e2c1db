import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { ConnectionRegistry } from './connection-registry.js';
import type { ConnectionEvents } from './connection-log.js';
import { answerHttp } from './http-answer.js';
import {
  BUFFERED_CHUNKS_MAX,
  CLOSE_TIMEOUT_MS,
  CONNECTIONS_MAX,
  FRAGMENTS_MAX,
  HANDSHAKE_TIMEOUT_MS,
  HEADERS_COUNT_MAX,
  HEADERS_TIMEOUT_MS,
  HEADER_BYTES_MAX,
  LISTEN_BACKLOG,
  LOOP_LAG_MS_MAX,
  OUTAGE_MS,
  PAYLOAD_BYTES_MAX,
  REFUSAL_DELAY_MS,
  REQUEST_TIMEOUT_MS,
  RETRY_AFTER_S,
  SOCKETS_MAX,
  STOP_GRACE_MS,
  SWEEP_INTERVAL_MS,
} from './limits.js';
import { PileConnection, type PileConnectionDependencies } from './pile-connection.js';
import type { RpcDependencies } from './rpc-connection.js';
import { SUBPROTOCOL, type UpgradeDecision, type UpgradeGuard, type UpgradeRequest } from './upgrade-guard.js';

export interface OcppServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: OcppTlsOptions;
}
export interface OcppTlsOptions {
  readonly port: number;
  readonly certificate: string | Buffer;
  readonly key: string | Buffer;
  /** Signs the piles' certificates (security profile 3). */
  readonly clientAuthority?: string | Buffer;
}

export interface OcppServerDependencies extends RpcDependencies {
  readonly guard: UpgradeGuard;
  readonly registry: ConnectionRegistry;
  readonly events: ConnectionEvents;
  /** 0 ≤ x < 1; spreads the returns of refused piles. */
  readonly random: () => number;
}

type Accepted = Extract<UpgradeDecision, { type: 'accept' }>;

/** The OCPP port: own HTTP server(s), upgrades through the guard, one sweep timer for all sockets. */
export class OcppServer {
  private readonly webSockets: WebSocketServer;
  /** One object for all connections: what is kept per pile is counted in bytes. */
  private readonly connectionDependencies: PileConnectionDependencies;
  private readonly servers: Server[] = [];
  private sweepTimer: NodeJS.Timeout | undefined;
  private sweptAtMs = 0;
  private refusingUntilMs = -Infinity;
  private isStopping = false;

  constructor(
    private readonly options: OcppServerOptions,
    private readonly dependencies: OcppServerDependencies,
  ) {
    const webSocketOptions = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: PAYLOAD_BYTES_MAX,
      maxFragments: FRAGMENTS_MAX,
      maxBufferedChunks: BUFFERED_CHUNKS_MAX,
      closeTimeout: CLOSE_TIMEOUT_MS,
      handleProtocols: () => SUBPROTOCOL,
    };
    this.webSockets = new WebSocketServer(webSocketOptions);
    this.connectionDependencies = {
      ...dependencies,
      onOutage: () => this.refuseFor(OUTAGE_MS),
      onClosed: (connection) => dependencies.registry.remove(connection),
    };
  }

  /** Ports that are listened on: `[plain]` or `[plain, tls]`. */
  async start(): Promise<readonly number[]> {
    const plain = createServer({ maxHeaderSize: HEADER_BYTES_MAX }, answerPlainRequest);
    await this.listen(plain, this.options.port, false);
    const { tls } = this.options;
    if (tls !== undefined) await this.listen(createTls(tls), tls.port, true);
    this.sweptAtMs = this.dependencies.clock.monotonic();
    this.sweepTimer = setInterval(() => this.sweep(), SWEEP_INTERVAL_MS);
    return this.servers.map((server) => portOf(server));
  }

  /** Closes every socket with 1001; calls that run may end first. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.sweepTimer);
    const closed = this.servers.map((server) => new Promise((resolve) => server.close(resolve)));
    const connections = [...this.dependencies.registry.connections()];
    for (const connection of connections) connection.goAway();
    const grace = new Promise<void>((resolve) => void setTimeout(resolve, STOP_GRACE_MS).unref());
    await Promise.race([Promise.all(connections.map((connection) => connection.drained)), grace]);
    for (const connection of connections) connection.terminate();
    for (const server of this.servers) server.closeAllConnections();
    await Promise.race([Promise.all(closed), grace]);
    // Each socket's end is an event that is still to be written.
    await Promise.race([this.dependencies.registry.emptied(), grace]);
  }

  private async listen(server: Server, port: number, secure: boolean): Promise<void> {
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.maxHeadersCount = HEADERS_COUNT_MAX;
    server.maxConnections = SOCKETS_MAX;
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.onUpgrade(request, socket, head, secure),
    );
    server.on('clientError', (_error, socket) => answerHttp(socket, 400));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.options.host, port, backlog: LISTEN_BACKLOG }, resolve);
    });
    this.servers.push(server);
  }

  private onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer, secure: boolean): void {
    // Before anything else: a reset while we decide must not end the process.
    socket.on('error', destroyThis);
    this.upgrade(request, socket, head, secure).catch(() => answerHttp(socket, 503));
  }

  private async upgrade(request: IncomingMessage, socket: Socket, head: Buffer, secure: boolean): Promise<void> {
    socket.setTimeout(HANDSHAKE_TIMEOUT_MS, destroyThis);
    const nowMs = this.dependencies.clock.monotonic();
    if (this.isStopping || this.refusingUntilMs > nowMs || this.dependencies.registry.size >= CONNECTIONS_MAX) {
      return answerHttp(socket, 503, this.retryAfterS());
    }
    const decision = await this.dependencies.guard.decide(factsOf(request, socket, secure));
    if (decision.type === 'accept') return this.accept(request, socket, head, decision, secure);
    if (decision.status === 401) await untilMs(nowMs + REFUSAL_DELAY_MS, this.dependencies.clock.monotonic);
    answerHttp(
      socket,
      decision.status,
      decision.retryAfterS ?? (decision.status === 503 ? this.retryAfterS() : undefined),
    );
  }

  private accept(request: IncomingMessage, socket: Socket, head: Buffer, accepted: Accepted, secure: boolean): void {
    if (socket.destroyed) return;
    socket.setTimeout(0, destroyThis);
    const remoteAddress = addressOf(socket);
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // `ws` listens itself from here on.
      socket.off('error', destroyThis);
      const { registry } = this.dependencies;
      registry.admit(accepted.chargePoint.chargePointId, remoteAddress, (inheritance) => {
        const facts = { ...inheritance, chargePoint: accepted.chargePoint, remoteAddress, secure };
        return new PileConnection(webSocket, facts, this.connectionDependencies);
      });
    });
  }

  private sweep(): void {
    const nowMs = this.dependencies.clock.monotonic();
    const lagMs = nowMs - this.sweptAtMs - SWEEP_INTERVAL_MS;
    this.sweptAtMs = nowMs;
    // Overload: those who are here come first.
    if (lagMs > LOOP_LAG_MS_MAX) this.refuseFor(OUTAGE_MS);
    this.dependencies.registry.sweep(nowMs);
  }

  private refuseFor(durationMs: number): void {
    this.refusingUntilMs = this.dependencies.clock.monotonic() + durationMs;
  }

  private retryAfterS(): number {
    return Math.ceil(RETRY_AFTER_S * (0.5 + this.dependencies.random()));
  }
}

/** Listener of a socket's `error` and `timeout`; one function for all, so that it keeps nothing alive. */
function destroyThis(this: Socket): void {
  this.destroy();
}

/** Anything but an upgrade. */
const answerPlainRequest: RequestListener = (request, response) => {
  const status = request.url?.startsWith('/ocpp/') === true ? 426 : 404;
  response.writeHead(status, { connection: 'close', ...(status === 426 ? { upgrade: 'websocket' } : {}) }).end();
};

function createTls(tls: OcppTlsOptions): Server {
  const authority =
    tls.clientAuthority === undefined ? {} : { ca: tls.clientAuthority, requestCert: true, rejectUnauthorized: false };
  const options = {
    cert: tls.certificate,
    key: tls.key,
    minVersion: 'TLSv1.2' as const,
    maxHeaderSize: HEADER_BYTES_MAX,
    ...authority,
  };
  const server = createTlsServer({ ...options, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, answerPlainRequest);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

function factsOf(request: IncomingMessage, socket: Socket, secure: boolean): UpgradeRequest {
  const { headers, method, url } = request;
  return {
    url,
    method,
    upgrade: headers.upgrade,
    subprotocols: headers['sec-websocket-protocol'],
    authorization: headers.authorization,
    remoteAddress: addressOf(socket),
    secure,
    clientCertificate: certificateOf(socket),
  };
}

function certificateOf(socket: Socket): UpgradeRequest['clientCertificate'] {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const subject = socket.getPeerCertificate().subject;
  return typeof subject?.CN === 'string' && typeof subject.O === 'string'
    ? { commonName: subject.CN, organisation: subject.O }
    : undefined;
}

function addressOf(socket: Socket): string {
  return socket.remoteAddress ?? 'unknown';
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilMs(timeMs: number, monotonicMs: () => number): Promise<void> {
  const waitMs = timeMs - monotonicMs();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
}
