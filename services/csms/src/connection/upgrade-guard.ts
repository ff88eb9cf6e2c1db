import type { ChargePoint, ChargePointStore } from '../piles/charge-point.js';
import { AttemptLimiter } from './attempt-limiter.js';
import type { Clock } from './clock.js';
import type { ConnectionEvents, RefusalCause } from './connection-log.js';
import { CredentialsOverloadedError, parseBasic, type CredentialChecker } from './credentials.js';
import { ATTEMPT_WINDOW_MS, FAILURES_PER_IDENTITY_MAX, FAILURES_PER_IP_MAX } from './limits.js';
import type { PendingPiles } from './pending-piles.js';
import { parseUpgradeUrl } from './upgrade-url.js';

/** The facts of an upgrade request, without its socket. */
export interface UpgradeRequest {
  readonly url: string | undefined;
  readonly method: string | undefined;
  readonly upgrade: string | undefined;
  readonly subprotocols: string | undefined;
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly secure: boolean;
  /** Subject of a client certificate that the configured authority has signed. */
  readonly clientCertificate: { readonly commonName: string; readonly organisation: string } | undefined;
}

export type UpgradeDecision =
  | { readonly type: 'accept'; readonly chargePoint: ChargePoint; readonly subprotocol: typeof SUBPROTOCOL | undefined }
  | { readonly type: 'refuse'; readonly status: 400 | 401 | 404 | 429 | 503; readonly retryAfterS?: number };

export const SUBPROTOCOL = 'ocpp1.6';

export interface GuardDependencies {
  readonly chargePoints: ChargePointStore;
  readonly credentials: CredentialChecker;
  readonly pending: PendingPiles;
  readonly events: ConnectionEvents;
  readonly clock: Clock;
}

/** Decides over every upgrade request before anything of it reaches a pile's place. Never throws. */
export class UpgradeGuard {
  private readonly byIdentity = new AttemptLimiter(FAILURES_PER_IDENTITY_MAX, ATTEMPT_WINDOW_MS);
  private readonly byIp = new AttemptLimiter(FAILURES_PER_IP_MAX, ATTEMPT_WINDOW_MS);

  constructor(private readonly dependencies: GuardDependencies) {}

  async decide(request: UpgradeRequest): Promise<UpgradeDecision> {
    const url = parseUpgradeUrl(request.url);
    if ('status' in url) return { type: 'refuse', status: url.status };
    const isWebSocket = request.method === 'GET' && request.upgrade?.toLowerCase() === 'websocket';
    const subprotocol = chooseSubprotocol(request.subprotocols);
    if (!isWebSocket || subprotocol === 'none-of-ours') return { type: 'refuse', status: 400 };
    const lockedForMs = this.lockedForMs(url.chargePointId, request.remoteAddress);
    if (lockedForMs > 0) {
      this.note(url.chargePointId, 'rate-limited', request);
      return { type: 'refuse', status: 429, retryAfterS: Math.ceil(lockedForMs / 1000) };
    }
    // Counted before it is evaluated: guesses in parallel are no more guesses than one after another (B19).
    this.byIdentity.recordFailure(url.chargePointId, this.dependencies.clock.monotonic());
    const decision = await this.evaluate(url.chargePointId, subprotocol, request);
    if (decision.type === 'accept' || decision.status !== 401) this.byIdentity.forgive(url.chargePointId);
    return decision;
  }

  private async evaluate(
    chargePointId: string,
    subprotocol: typeof SUBPROTOCOL | undefined,
    request: UpgradeRequest,
  ): Promise<UpgradeDecision> {
    try {
      return await this.authenticate(chargePointId, subprotocol, request);
    } catch (error) {
      // The store is down, or too many password checks wait: the pile comes back.
      return {
        type: 'refuse',
        status: 503,
        ...(error instanceof CredentialsOverloadedError ? { retryAfterS: 1 } : {}),
      };
    }
  }

  private async authenticate(
    chargePointId: string,
    subprotocol: typeof SUBPROTOCOL | undefined,
    request: UpgradeRequest,
  ): Promise<UpgradeDecision> {
    const chargePoint = await this.dependencies.chargePoints.find(chargePointId);
    if (subprotocol === undefined && chargePoint?.subprotocolOptional !== true) return { type: 'refuse', status: 400 };
    const cause = await this.refusalCause(chargePointId, chargePoint, request);
    if (cause === undefined && chargePoint !== undefined) return { type: 'accept', chargePoint, subprotocol };
    this.byIp.recordFailure(request.remoteAddress, this.dependencies.clock.monotonic());
    if (chargePoint === undefined)
      this.dependencies.pending.note(chargePointId, request.remoteAddress, this.dependencies.clock.now());
    this.note(chargePointId, cause ?? 'unregistered', request);
    return { type: 'refuse', status: 401 };
  }

  private async refusalCause(
    chargePointId: string,
    chargePoint: ChargePoint | undefined,
    request: UpgradeRequest,
  ): Promise<RefusalCause | undefined> {
    const profile = chargePoint?.securityProfile;
    if (chargePoint !== undefined && profile === 0) return undefined;
    if (chargePoint !== undefined && profile === 3)
      return matchesCertificate(chargePoint, request) ? undefined : 'security-profile';
    const basic = parseBasic(request.authorization);
    const credential =
      chargePoint === undefined ? undefined : await this.dependencies.chargePoints.findCredential(chargePointId);
    const isGenuine = await this.dependencies.credentials.verify(credential, basic?.password ?? NO_PASSWORD);
    if (chargePoint === undefined) return 'unregistered';
    if (!isGenuine || basic?.user !== chargePointId) return 'bad-credentials';
    return profile === 2 && !request.secure ? 'security-profile' : undefined;
  }

  private lockedForMs(chargePointId: string, remoteAddress: string): number {
    const nowMs = this.dependencies.clock.monotonic();
    return Math.max(this.byIdentity.lockedForMs(chargePointId, nowMs), this.byIp.lockedForMs(remoteAddress, nowMs));
  }

  private note(chargePointId: string, cause: RefusalCause, request: UpgradeRequest): void {
    const { remoteAddress } = request;
    this.dependencies.events.publish({
      at: this.dependencies.clock.now(),
      chargePointId,
      kind: 'refused',
      cause,
      remoteAddress,
    });
  }
}

const NO_PASSWORD = Buffer.alloc(0);

function chooseSubprotocol(header: string | undefined): typeof SUBPROTOCOL | undefined | 'none-of-ours' {
  if (header === undefined) return undefined;
  const offered = header.split(',').map((token) => token.trim());
  return offered.includes(SUBPROTOCOL) ? SUBPROTOCOL : 'none-of-ours';
}

/** Profile 3: the common name is the pile, the organisation its operator (ocpp.md). */
function matchesCertificate(chargePoint: ChargePoint, request: UpgradeRequest): boolean {
  const certificate = request.clientCertificate;
  return (
    request.secure &&
    certificate?.commonName === chargePoint.chargePointId &&
    certificate.organisation === chargePoint.operatorId
  );
}
