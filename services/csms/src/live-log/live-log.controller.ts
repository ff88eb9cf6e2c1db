import { Controller, Get, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { CHARGE_POINT_ID_PATTERN, LEDGER_ID_PATTERN } from '@tallywatt/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiUserStore } from '../api/auth/api-user.store.js';
import { scopeOf } from '../api/auth/scope.js';
import { bearerToken, tokenDigest } from '../api/auth/token.js';
import { invalidRequest } from '../api/problem.js';
import { Caller, type RequestContext } from '../api/request-context.js';
import { Metrics } from '../health/metrics.js';
import { parseCursor } from './cursor.js';
import type { Cursor } from './live-log-source.js';
import { LiveLogService } from './live-log.service.js';
import { SseClient } from './sse-client.js';

/** The token is asked again this often, so that a revoked one stops reading. */
export const REAUTHORISE_INTERVAL_MS = 10_000;
/** What a page shows at once without asking for history. */
export const TAIL_EVENTS_MAX = 500;

const eventsQuery = z.strictObject({
  chargePointId: z.string().regex(CHARGE_POINT_ID_PATTERN).optional(),
  sessionId: z.uuid().optional(),
  operatorId: z.string().regex(LEDGER_ID_PATTERN).optional(),
  kind: z.enum(['frame', 'session', 'settlement', 'connection', 'security']).optional(),
  /** Start this many events back, unless `Last-Event-ID` says where. */
  tail: z.coerce.number().int().min(0).max(TAIL_EVENTS_MAX).default(0),
});
type EventsQuery = z.output<typeof eventsQuery>;

/** The live log as server-sent events: OCPP traffic, session changes, settlement steps, resumed by `Last-Event-ID`. */
@Controller('v1/events')
export class LiveLogController implements OnModuleDestroy {
  private readonly open = new Set<Response>();

  constructor(
    private readonly log: LiveLogService,
    private readonly users: ApiUserStore,
    private readonly metrics: Metrics,
  ) {}

  @Get()
  async stream(
    @Caller() caller: RequestContext,
    @Query({ schema: eventsQuery }) query: EventsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const start = await this.startOf(request, query.tail);
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const { tail: _tail, ...filter } = query;
    const client = new SseClient(response, scopeOf(caller.principal), filter, start);
    client.beat();
    await this.serve(client, request, response);
  }

  private async serve(client: SseClient, request: Request, response: Response): Promise<void> {
    this.open.add(response);
    this.metrics.liveLogClients.inc();
    const recheck = setInterval(() => void this.recheck(client, request, response), REAUTHORISE_INTERVAL_MS);
    let leave: (() => void) | undefined;
    response.on('close', () => {
      clearInterval(recheck);
      this.open.delete(response);
      this.metrics.liveLogClients.dec();
      leave?.();
    });
    try {
      leave = await this.join(client, response);
    } catch {
      // The headers are out: only the end of the stream can tell the client, which resumes by its last id.
      response.destroy();
    }
    if (response.destroyed) leave?.();
  }

  /** Reads pages until the client may follow the shared reader; waits for a slow client instead of buffering for it. */
  private async join(client: SseClient, response: Response): Promise<(() => void) | undefined> {
    while (!response.destroyed) {
      const { events, isFull, reached } = await this.log.catchUp(client.cursor);
      client.deliver(events);
      if (reached !== undefined) client.skipTo(reached);
      if (!isFull) {
        const leave = this.log.tryFollow(client.cursor, (page) => client.deliver(page));
        if (leave !== undefined) return leave;
      }
      if (response.writableNeedDrain) await drained(response);
    }
    return undefined;
  }

  private async recheck(client: SseClient, request: Request, response: Response): Promise<void> {
    const token = bearerToken(request.get('authorization'));
    const user =
      token === undefined ? undefined : await this.users.findByTokenDigest(tokenDigest(token)).catch(() => undefined);
    if (user === undefined) response.end();
    else client.beat();
  }

  /** Open streams would keep the server from stopping. */
  onModuleDestroy(): void {
    for (const response of this.open) response.end();
  }

  private async startOf(request: Request, tail: number): Promise<Cursor> {
    const last = request.get('last-event-id');
    if (last === undefined || last === '') return this.log.tail(tail);
    const cursor = parseCursor(last);
    if (cursor !== undefined) return cursor;
    const message = 'not an id of this stream';
    throw invalidRequest([{ pointer: '/headers/last-event-id', code: 'invalid_cursor', message }]);
  }
}

function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
