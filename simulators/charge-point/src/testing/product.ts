import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CentralSystem, type Reply } from './central-system.js';

interface Session {
  readonly id: string;
  readonly transactionId: number;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly stationId: string;
  readonly authorization: string;
  status: 'open' | 'closed' | 'refused';
  holdReason: string | null;
  closeKind: string | null;
  stopReason: string | null;
  readonly meterStartWh: number;
  energyWh: number | null;
  settlement: { state: string; code: string | null } | null;
}

/**
 * Just enough of the product for the simulator's specs: registrations, natural keys for Start, inferred closes. It prices
 * nothing and checks no power; a session that is stopped is final.
 */
export class FakeProduct {
  readonly posts: string[] = [];
  readonly deposits = new Map<string, string>();
  readonly sessions = new Map<string, Session>();
  private readonly tags = new Set<string>();
  private readonly piles = new Map<string, string>();
  private readonly existing = new Set<string>();
  central: CentralSystem | undefined;
  private folder: string | undefined;

  async start(): Promise<string> {
    this.central = await CentralSystem.start(
      (action, payload, pile) => this.ocpp(action, payload, pile),
      (request, response) => void this.http(request, response),
    );
    this.folder = mkdtempSync(join(tmpdir(), 'fake-product-'));
    const file = join(this.folder, 'credentials.json');
    const users = ['TELD', 'STAR', 'PTNE', 'SG'].flatMap((organisation) =>
      ['operator', 'finance'].map((role) => ({ role, organisation, name: role, token: `${role}-${organisation}` })),
    );
    users.push({ role: 'supervisor', organisation: 'SUPERVISION', name: 'supervisor', token: 's' });
    writeFileSync(file, JSON.stringify({ api: this.central.api, ocpp: this.central.endpoint, users }));
    return file;
  }

  stop(): void {
    this.central?.stop();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  addSession(session: Pick<Session, 'stationId' | 'status' | 'settlement'>): void {
    const transactionId = this.sessions.size + 1;
    const about = {
      id: String(transactionId),
      transactionId,
      chargePointId: 'X',
      connectorId: 1,
      authorization: 'Accepted',
    };
    this.sessions.set(about.id, {
      ...about,
      holdReason: null,
      closeKind: null,
      stopReason: null,
      meterStartWh: 0,
      energyWh: null,
      ...session,
    });
  }

  private ocpp(action: string, payload: Record<string, unknown>, pile: string): Reply {
    const status = this.tags.has(String(payload['idTag'])) ? 'Accepted' : 'Invalid';
    switch (action) {
      case 'BootNotification':
        this.closeOpen((session) => session.chargePointId === pile);
        return { status: 'Accepted', currentTime: '2018-06-01T00:00:00Z', interval: 300 };
      case 'Heartbeat':
        return { currentTime: '2018-06-01T00:00:00Z' };
      case 'Authorize':
        return { idTagInfo: { status } };
      case 'StartTransaction':
        return { transactionId: this.startSession(payload, pile, status), idTagInfo: { status } };
      case 'StopTransaction':
        this.stopSession(Number(payload['transactionId']), Number(payload['meterStop']));
        return {};
      default:
        return {};
    }
  }

  private startSession(payload: Record<string, unknown>, pile: string, authorization: string): number {
    const key = JSON.stringify([
      pile,
      payload['connectorId'],
      payload['idTag'],
      payload['timestamp'],
      payload['meterStart'],
    ]);
    const known = this.sessions.get(key);
    if (known !== undefined) return known.transactionId;
    const connectorId = Number(payload['connectorId']);
    this.closeOpen((session) => session.chargePointId === pile && session.connectorId === connectorId);
    const transactionId = this.sessions.size + 1;
    const status = authorization === 'Accepted' ? 'open' : 'refused';
    const stationId = this.piles.get(pile) ?? '';
    this.sessions.set(key, {
      id: key,
      transactionId,
      chargePointId: pile,
      connectorId,
      stationId,
      authorization,
      status,
      holdReason: null,
      closeKind: null,
      stopReason: null,
      meterStartWh: Number(payload['meterStart']),
      energyWh: null,
      settlement: null,
    });
    return transactionId;
  }

  private stopSession(transactionId: number, meterStopWh: number): void {
    for (const session of this.sessions.values()) {
      if (session.transactionId !== transactionId || session.status !== 'open') continue;
      session.status = 'closed';
      session.closeKind = 'stopped';
      session.energyWh = meterStopWh - session.meterStartWh;
      session.settlement = { state: 'final', code: null };
    }
  }

  private closeOpen(which: (session: Session) => boolean): void {
    for (const session of this.sessions.values()) {
      if (session.status !== 'open' || !which(session)) continue;
      session.status = 'closed';
      session.closeKind = 'inferred';
      session.holdReason = 'unknown_energy';
      session.settlement = { state: 'quarantined', code: 'unknown_energy' };
    }
  }

  private async http(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://x');
    const body = request.method === 'POST' ? (JSON.parse(await text(request)) as Record<string, unknown>) : {};
    const [status, answer] = request.method === 'POST' ? this.post(url.pathname, body, request) : this.get(url);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private post(path: string, body: Record<string, unknown>, request: IncomingMessage): [number, unknown] {
    this.posts.push(path);
    if (path.endsWith('/deposits')) {
      this.deposits.set(String(request.headers['idempotency-key']), String(body['amountMinor']));
      return [201, {}];
    }
    if (path.endsWith('/password')) return [201, { id: path.split('/')[3], password: 'rotated' }];
    const id = `${path} ${String(body['id'] ?? body['stationId'] ?? body['evId'])}`;
    if (this.existing.has(id)) return [409, { code: 'exists' }];
    this.existing.add(id);
    if (path === '/v1/charge-points') this.piles.set(String(body['id']), String(body['stationId']));
    for (const { idTag } of (body['idTags'] ?? []) as { idTag: string }[]) this.tags.add(idTag);
    return [201, { id: body['id'], url: '', password: 'first' }];
  }

  private get(url: URL): [number, unknown] {
    if (url.pathname === '/v1/tariffs') {
      const prices = [{ priceId: 'p', electricityPriceE4: '14100', servicePriceE4: 6000 }];
      const data = ['TELD', 'STAR', 'PTNE', 'SG'].map((operatorId) => ({
        tariffId: `${operatorId}-TOU`,
        operatorId,
        prices,
      }));
      return [200, { data, nextCursor: null }];
    }
    if (url.pathname === '/v1/stations') {
      const total = [...this.existing].filter((id) => id.startsWith('/v1/stations ')).length;
      return [200, { data: [], nextCursor: null, total }];
    }
    if (/^\/v1\/accounts\/[^/]+$/.test(url.pathname)) return [200, { balance: { minor: '99999' } }];
    if (url.pathname !== '/v1/sessions') return [404, {}];
    const wanted = (name: string, value: string | undefined): boolean => {
      const filter = url.searchParams.get(name);
      return filter === null || filter === value;
    };
    const data = [...this.sessions.values()].filter(
      (session) =>
        wanted('stationId', session.stationId) &&
        wanted('chargePointId', session.chargePointId) &&
        wanted('status', session.status) &&
        wanted('settlementStatus', session.settlement?.state),
    );
    return [200, { data, nextCursor: null, total: data.length }];
  }
}
