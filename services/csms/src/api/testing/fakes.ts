import type { CommandView, IdTagView, PageView, Principal, SessionView } from '@tallywatt/contracts';
import { PileCaller, type CallOutcome } from '../../connection/pile-caller.js';
import { DatabaseProbe } from '../../health/database-probe.js';
import { LiveLogSource, type Cursor, type SourceEvent } from '../../live-log/live-log-source.js';
import {
  PileRegistry,
  type NewChargePoint,
  type PileSettings,
  type PilesQuery,
  type StoredChargePointView,
} from '../../piles/pile-registry.js';
import { IdTagRegistry, type IdTagAccount, type NewIdTag } from '../accounts/id-tag-registry.js';
import { AuditLog, type AuditView } from '../audit.js';
import { ApiUserStore, type ApiUser, type NewApiUser } from '../auth/api-user.store.js';
import { isVisible, type Scope } from '../auth/scope.js';
import { CommandGateway, type CommandRequest } from '../command-gateway.js';
import { IdempotencyStore, type IdempotencyBegin, type IdempotencyUse } from '../idempotency.store.js';
import type { RequestContext } from '../request-context.js';
import { SessionQueries, type FrameView, type MeterValueView } from '../sessions/session-queries.js';

function pageOf<T>(data: readonly T[]): PageView<T> {
  return { data, nextCursor: null };
}

export class MemoryApiUserStore extends ApiUserStore {
  readonly users = new Map<string, { user: ApiUser; digest: string }>();

  findByTokenDigest(digest: Buffer): Promise<ApiUser | undefined> {
    return Promise.resolve([...this.users.values()].find((entry) => entry.digest === digest.toString('hex'))?.user);
  }
  findByName(wanted: Principal): Promise<ApiUser | undefined> {
    const found = [...this.users.values()].find(({ user: { principal } }) =>
      [
        principal.role === wanted.role,
        principal.organisation === wanted.organisation,
        principal.name === wanted.name,
      ].every(Boolean),
    );
    return Promise.resolve(found?.user);
  }
  insert({ userId, principal, tokenDigest }: NewApiUser): Promise<void> {
    this.users.set(userId, { user: { userId, principal }, digest: tokenDigest.toString('hex') });
    return Promise.resolve();
  }
  rotate(userId: string, tokenDigest: Buffer): Promise<void> {
    const entry = this.users.get(userId);
    if (entry) entry.digest = tokenDigest.toString('hex');
    return Promise.resolve();
  }
  revoke(userId: string): Promise<void> {
    this.users.delete(userId);
    return Promise.resolve();
  }
}

export class MemoryPileRegistry extends PileRegistry {
  readonly piles = new Map<string, StoredChargePointView>();

  insert(pile: NewChargePoint): Promise<boolean> {
    if (this.piles.has(pile.id)) return Promise.resolve(false);
    const { id, operatorId, stationId, clock, simulated, strict } = pile;
    const connectors = pile.connectors.map((connector) => ({
      ...connector,
      status: null,
      errorCode: null,
      statusAt: null,
    }));
    const unknown = { lastHeartbeatAt: null, lastSeenAt: null, vendor: null, model: null, firmwareVersion: null };
    this.piles.set(id, { id, operatorId, stationId, clock, simulated, strict, connectors, flags: {}, ...unknown });
    return Promise.resolve(true);
  }
  replaceCredential(operatorId: string, id: string): Promise<boolean> {
    return Promise.resolve(this.piles.get(id)?.operatorId === operatorId);
  }
  updateSettings(operatorId: string, id: string, settings: PileSettings): Promise<boolean> {
    const pile = this.piles.get(id);
    if (pile?.operatorId !== operatorId) return Promise.resolve(false);
    this.piles.set(id, { ...pile, strict: settings.strict ?? pile.strict });
    return Promise.resolve(true);
  }
  find(scope: Scope, id: string): Promise<StoredChargePointView | undefined> {
    const pile = this.piles.get(id);
    return Promise.resolve(pile && visible(scope, pile.operatorId) ? pile : undefined);
  }
  list(scope: Scope, _query: PilesQuery): Promise<PageView<StoredChargePointView>> {
    return Promise.resolve(pageOf([...this.piles.values()].filter((pile) => visible(scope, pile.operatorId))));
  }
}

function visible(scope: Scope, operatorId: string): boolean {
  return isVisible(scope, { operatorId, userOperatorId: null, evId: null });
}

export class MemorySessionQueries extends SessionQueries {
  readonly sessions: SessionView[] = [];

  list(scope: Scope): Promise<PageView<SessionView>> {
    return Promise.resolve(pageOf(this.sessions.filter((session) => isVisible(scope, session))));
  }
  find(scope: Scope, sessionId: string): Promise<SessionView | undefined> {
    return Promise.resolve(this.sessions.find((session) => session.id === sessionId && isVisible(scope, session)));
  }
  meterValues(): Promise<PageView<MeterValueView>> {
    return Promise.resolve(pageOf([]));
  }
  frames(): Promise<PageView<FrameView>> {
    return Promise.resolve(pageOf([]));
  }
}

export class MemoryIdTags extends IdTagRegistry {
  readonly tags = new Map<string, IdTagView>();

  link(account: IdTagAccount, tags: readonly NewIdTag[]): Promise<readonly string[]> {
    const taken = tags.filter(({ idTag, evId }) => (this.tags.get(idTag)?.evId ?? evId) !== evId);
    if (taken.length > 0) return Promise.resolve(taken.map(({ idTag }) => idTag));
    for (const tag of tags)
      this.tags.set(tag.idTag, { ...tag, maxConcurrentSessions: account.maxConcurrentSessions ?? 1 });
    return Promise.resolve([]);
  }
  find(scope: Scope, idTag: string): Promise<IdTagView | undefined> {
    const tag = this.tags.get(idTag);
    return Promise.resolve(tag && isVisible(scope, { ...tag, userOperatorId: null }) ? tag : undefined);
  }
  listOf(scope: Scope, evId: string): Promise<readonly IdTagView[]> {
    const mine = [...this.tags.values()].filter((tag) => tag.evId === evId);
    return Promise.resolve(mine.filter((tag) => isVisible(scope, { ...tag, userOperatorId: null })));
  }
}

export class MemoryAuditLog extends AuditLog {
  readonly entries: { action: string; subject: string; detail: object; by: Principal }[] = [];

  record({ principal }: RequestContext, action: string, subject: string, detail: object): Promise<void> {
    this.entries.push({ action, subject, detail, by: principal });
    return Promise.resolve();
  }
  list(): Promise<PageView<AuditView>> {
    return Promise.resolve(pageOf([]));
  }
}

export class MemoryIdempotencyStore extends IdempotencyStore {
  private readonly uses = new Map<string, { digest: string; running: boolean; answer?: { value: unknown } }>();

  begin(use: IdempotencyUse): Promise<IdempotencyBegin> {
    const key = `${use.organisation} ${use.key}`;
    const digest = use.inputDigest.toString('hex');
    const found = this.uses.get(key);
    if (found === undefined) {
      this.uses.set(key, { digest, running: true });
      return Promise.resolve({ type: 'run' });
    }
    if (found.digest !== digest) return Promise.resolve({ type: 'other-input' });
    if (found.answer) return Promise.resolve({ type: 'answered', answer: found.answer.value });
    if (found.running) return Promise.resolve({ type: 'in-flight' });
    found.running = true;
    return Promise.resolve({ type: 'run' });
  }
  complete(use: IdempotencyUse, answer: unknown): Promise<void> {
    const found = this.uses.get(`${use.organisation} ${use.key}`);
    if (found) found.answer = { value: answer };
    return Promise.resolve();
  }
  release(use: IdempotencyUse): Promise<void> {
    const found = this.uses.get(`${use.organisation} ${use.key}`);
    if (found) found.running = false;
    return Promise.resolve();
  }
}

export class MemoryLiveLogSource extends LiveLogSource {
  readonly events: SourceEvent[] = [];
  reads = 0;

  read(after: Cursor, limit: number): Promise<readonly SourceEvent[]> {
    this.reads += 1;
    const of = (source: SourceEvent['source'], seq: bigint): SourceEvent[] =>
      this.events.filter((event) => event.source === source && event.seq > seq).slice(0, limit);
    return Promise.resolve([...of('csms', after.csmsSeq), ...of('settlement', after.settlementSeq)]);
  }
  tail(count: number): Promise<Cursor> {
    const last = (source: SourceEvent['source']): bigint =>
      this.events.reduce((seq, event) => (event.source === source && event.seq > seq ? event.seq : seq), 0n);
    const back = (seq: bigint): bigint => (seq > BigInt(count) ? seq - BigInt(count) : 0n);
    return Promise.resolve({ csmsSeq: back(last('csms')), settlementSeq: back(last('settlement')) });
  }
}

export class FakePileCaller extends PileCaller {
  readonly connected = new Set<string>();
  call(): Promise<CallOutcome> {
    return Promise.resolve({ type: 'timeout' });
  }
  connectedAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(chargePointIds.filter((id) => this.connected.has(id))));
  }
}

export class FakeDatabaseProbe extends DatabaseProbe {
  up = true;
  answers(): Promise<boolean> {
    return Promise.resolve(this.up);
  }
}

export class FakeCommands extends CommandGateway {
  readonly commands = new Map<string, CommandView>();

  request({ chargePointId, action, payload, requestedBy }: CommandRequest): Promise<CommandView> {
    const id = `00000000-0000-4000-9000-${String(this.commands.size).padStart(12, '0')}`;
    const open = { result: null, error: null, requestedAt: '2026-01-01T00:00:00.000Z', endedAt: null };
    const command: CommandView = { id, chargePointId, action, payload, state: 'queued', requestedBy, ...open };
    this.commands.set(id, command);
    return Promise.resolve(command);
  }
  find(commandId: string): Promise<CommandView | undefined> {
    return Promise.resolve(this.commands.get(commandId));
  }
}
