import { RPCClient, createRPCError } from 'ocpp-rpc';
import { BACK_OFF_MS_MAX, backOffMs } from './back-off.js';
import type { Clock } from './clock.js';
import { CallRefusedError, NoAnswerError, NotAdmittedError, type PileLink } from './pile-link.js';
import type { Rng } from './rng.js';

/** How long a pile waits for the answer to one CALL. */
const CALL_TIMEOUT_MS = 30_000;
/** reliability.md section 6: WebSocketPingInterval 30. */
const PING_INTERVAL_MS = 30_000;
const SUBPROTOCOL = 'ocpp1.6';
/** OCPP-J: the id of an answer to a frame in which no id could be read. */
const UNKNOWN_MESSAGE_ID = '-1';
/** HTTP answers that a pile takes as final; 429 and 503 mean "later". */
const FINAL_STATUSES = new Set([400, 401, 403, 404]);

export interface OcppClientOptions {
  /** `ws://HOST:PORT/ocpp`; the identity is appended. */
  readonly endpoint: string;
  readonly chargePointId: string;
  readonly password: string;
  /** Validate every message of both directions against the official schemas. Off only to send what they forbid. */
  readonly strict: boolean;
  readonly callTimeoutMs?: number;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Answers a CALL of the central system. Throw `CallRefusedError` to answer CALLERROR. */
  readonly onCall: (action: string, payload: unknown) => Promise<object>;
  /** After every reconnection that this client made by itself. */
  readonly onReconnected?: () => void;
}

/** A pile's WebSocket, on ocpp-rpc: a reading of OCPP-J that shares nothing with the server's. */
export class OcppClient implements PileLink {
  private readonly rpc: RPCClient;
  private readonly newestFrames = new Map<string, string>();
  private openedBefore = false;
  private closing = false;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: OcppClientOptions) {
    this.rpc = new RPCClient(rpcOptions(options));
    this.rpc.handle(({ method, params }) => this.answer(method ?? '', params));
    this.rpc.on('call', (event: { outbound: boolean; payload: readonly unknown[] }) => this.remember(event));
    this.rpc.on('open', () => this.opened());
  }

  get connected(): boolean {
    return this.rpc.state === RPCClient.OPEN;
  }

  /** Tries until it is let in. Throws {@link NotAdmittedError} when the answer cannot change by waiting. */
  async connect(): Promise<void> {
    this.closing = false;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.rpc.connect();
        return;
      } catch (error) {
        const status = httpStatus(error);
        if (status !== undefined && FINAL_STATUSES.has(status)) {
          throw new NotAdmittedError(this.options.chargePointId, status);
        }
        if (this.closing) return;
        await this.options.clock.sleep(backOffMs(attempt, this.options.rng));
      }
    }
  }

  /** One call at a time. Offline it fails at once: ocpp-rpc would keep the frame, and its timer, for a later socket. */
  call(action: string, payload: object): Promise<unknown> {
    const answer = this.turn.then(() => this.callNow(action, payload));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  private async callNow(action: string, payload: object): Promise<unknown> {
    if (!this.connected) throw new NoAnswerError(action, 'not connected');
    try {
      return await this.rpc.call(action, payload);
    } catch (error) {
      throw translate(action, error);
    }
  }

  callAs(messageId: string, action: string, payload: object): Promise<unknown> {
    return this.callRaw(messageId, action, JSON.stringify(payload));
  }

  /** ocpp-rpc draws its ids itself, so this frame goes around its bookkeeping, and its answer too. */
  async callRaw(messageId: string, action: string, payload: string): Promise<unknown> {
    if (!this.connected) throw new NoAnswerError(action, 'not connected');
    const answer = new Promise<readonly unknown[]>((resolve) => {
      const listen = (event: { outbound: boolean; payload: readonly unknown[] }): void => {
        // A frame that is no JSON has no id to answer to.
        if (event.outbound || (event.payload[1] !== messageId && event.payload[1] !== UNKNOWN_MESSAGE_ID)) return;
        this.rpc.off('response', listen);
        resolve(event.payload);
      };
      this.rpc.on('response', listen);
    });
    this.rpc.sendRaw(`[2,${JSON.stringify(messageId)},${JSON.stringify(action)},${payload}]`);
    const answered = new AbortController();
    const timeout = this.options.clock.sleep(this.options.callTimeoutMs ?? CALL_TIMEOUT_MS, answered.signal);
    const frame = await Promise.race([answer, timeout]);
    answered.abort();
    if (frame === undefined) throw new NoAnswerError(action, 'time is out');
    const [type, , first, second] = frame;
    if (type === 3) return first;
    throw new CallRefusedError(action, String(first), String(second));
  }

  abandon(): void {
    this.rpc.reconfigure({ ...rpcOptions(this.options), reconnect: false });
  }

  repeatFrame(action: string): void {
    const frame = this.newestFrames.get(action);
    if (frame !== undefined && this.connected) this.rpc.sendRaw(frame);
  }

  async reconnect(offlineMs: number): Promise<void> {
    await this.rpc.close({ force: true });
    await this.options.clock.sleep(offlineMs);
    await this.connect();
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.rpc.close({ code: 1000, reason: 'pile goes away' });
  }

  private async answer(action: string, payload: unknown): Promise<Record<string, unknown>> {
    try {
      return { ...(await this.options.onCall(action, payload)) };
    } catch (error) {
      if (error instanceof CallRefusedError) throw rpcError(error);
      throw error;
    }
  }

  /** One frame per action is kept, for the fault "duplicate". */
  private remember(event: { outbound: boolean; payload: readonly unknown[] }): void {
    const action = event.payload[2];
    if (event.outbound && typeof action === 'string') this.newestFrames.set(action, JSON.stringify(event.payload));
  }

  private opened(): void {
    if (this.openedBefore) this.options.onReconnected?.();
    this.openedBefore = true;
  }
}

function rpcOptions(options: OcppClientOptions): ConstructorParameters<typeof RPCClient>[0] {
  return {
    identity: options.chargePointId,
    endpoint: options.endpoint,
    password: options.password,
    protocols: [SUBPROTOCOL],
    strictMode: options.strict ? [SUBPROTOCOL] : false,
    strictModeValidators: [],
    reconnect: true,
    maxReconnects: Number.POSITIVE_INFINITY,
    callTimeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS,
    callConcurrency: 1,
    pingIntervalMs: PING_INTERVAL_MS,
    deferPingsOnActivity: true,
    respondWithDetailedErrors: false,
    maxBadMessages: Number.POSITIVE_INFINITY,
    wsOpts: { perMessageDeflate: false },
    headers: {},
    backoff: { initialDelay: 500, maxDelay: BACK_OFF_MS_MAX, factor: 2, randomisationFactor: 0.5 },
  };
}

function translate(action: string, error: unknown): Error {
  const code = property(error, 'rpcErrorCode');
  const message = error instanceof Error ? error.message : String(error);
  return typeof code === 'string' ? new CallRefusedError(action, code, message) : new NoAnswerError(action, message);
}

/** Makes ocpp-rpc answer CALLERROR with this code. */
function rpcError({ code, message }: CallRefusedError): Error {
  const error: unknown = createRPCError(code, message);
  return error instanceof Error ? error : new Error(message);
}

/** ocpp-rpc puts the HTTP status of a refused upgrade into `code`. */
function httpStatus(error: unknown): number | undefined {
  const code = property(error, 'code');
  return typeof code === 'number' ? code : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
