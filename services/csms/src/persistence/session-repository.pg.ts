import { Injectable, Logger } from '@nestjs/common';
import type { Pool, QueryConfig } from 'pg';
import type { ZodType } from 'zod';
import type { Change } from '../sessions/change.js';
import type { CommitFeed, CommitListener } from '../sessions/commit-feed.js';
import type { ParkedMessage } from '../sessions/orphans.js';
import {
  SessionRepository,
  StaleChangeError,
  type AbandonedSession,
  type MeterKnowledge,
  type MeterQuery,
  type OverlapQuery,
  type SessionFile,
  type StartKnowledge,
  type StartQuery,
  type StopKnowledge,
  type StopQuery,
  type TagRecord,
  type TagStore,
} from '../sessions/session.repository.js';
import { UnstorableValueError } from './array-writer.js';
import { BatchReader } from './batch-reader.js';
import { instant } from './instant.js';
import { commitStatement } from './commit-statement.js';
import { sqlState } from './database.js';
import { GroupCommitter } from './group-commit.js';
import { sessionFileJson } from './session-columns.js';
import * as sql from './session-queries.js';
import { storableJson } from './storable-text.js';
import { StoreCircuit } from './store-circuit.js';

/** The outcome of a statement that takes longer is unknown; the pile keeps its message and sends it again. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Serialization failure, unique violation: decided on an old reading. */
const STALE_STATES: ReadonlySet<string> = new Set(['40001', '40P01', '23505']);

/** Sessions in PostgreSQL: reads of many messages in one query, changes of many in one transaction. */
@Injectable()
export class PgSessionRepository extends SessionRepository implements TagStore, CommitFeed {
  private readonly logger = new Logger('sessions');
  private readonly listeners = new Set<CommitListener>();
  private readonly committer: GroupCommitter<Change>;
  private readonly tags: BatchReader<string, TagRecord | null>;
  private readonly starts: BatchReader<StartQuery, StartKnowledge>;
  private readonly stops: BatchReader<StopQuery, StopKnowledge>;
  private readonly meters: BatchReader<MeterQuery, MeterKnowledge>;
  private readonly overlapping: BatchReader<OverlapQuery, boolean>;

  constructor(
    private readonly pool: Pool,
    private readonly circuit: StoreCircuit,
  ) {
    super();
    this.committer = new GroupCommitter({
      write: (changes) => this.write(changes),
      weigh: ({ frame }) => frame?.raw.length ?? 0,
      isContentFault: (error) =>
        error instanceof StaleChangeError || error instanceof UnstorableValueError || sqlState(error) !== undefined,
      committed: (changes) => this.tell(changes),
    });
    this.tags = new BatchReader((idTags) => this.readTags(idTags));
    this.starts = new BatchReader<StartQuery, StartKnowledge>((queries) =>
      this.answers('csms_for_start', sql.START_SQL, queries, sql.startAnswer),
    );
    this.stops = new BatchReader<StopQuery, StopKnowledge>((queries) =>
      this.answers('csms_for_stop', sql.STOP_SQL, queries.map(stopQuestion), sql.stopAnswer),
    );
    this.meters = new BatchReader<MeterQuery, MeterKnowledge>((queries) =>
      this.answers('csms_for_meter', sql.METER_SQL, queries.map(meterQuestion), sql.meterAnswer),
    );
    this.overlapping = new BatchReader((queries) => this.readOverlaps(queries));
  }

  onCommit(listener: CommitListener): void {
    this.listeners.add(listener);
  }

  async findTag(idTag: string): Promise<TagRecord | undefined> {
    return (await this.tags.ask(idTag.toLowerCase())) ?? undefined;
  }

  override forStart(query: StartQuery): Promise<StartKnowledge> {
    return this.starts.ask(query);
  }
  override forStop(query: StopQuery): Promise<StopKnowledge> {
    return this.stops.ask(query);
  }
  override forMeter(query: MeterQuery): Promise<MeterKnowledge> {
    return this.meters.ask(query);
  }
  override overlaps(query: OverlapQuery): Promise<boolean> {
    return this.overlapping.ask(query);
  }

  override async unendedOf(chargePointId: string): Promise<readonly SessionFile[]> {
    const rows = await this.rows<{ answer: unknown }>({
      name: 'csms_unended',
      text: sql.UNENDED_SQL,
      values: [chargePointId],
    });
    return rows.map(({ answer }) => sessionFileJson.parse(answer));
  }

  override async abandoned(
    statusBeforeMs: number,
    seenBeforeMs: number,
    limit: number,
  ): Promise<readonly AbandonedSession[]> {
    const values = [instant(statusBeforeMs), instant(seenBeforeMs), limit];
    const rows = await this.rows<{ answer: unknown; cause: AbandonedSession['cause']; cause_at_ms: string }>({
      text: sql.ABANDONED_SQL,
      values,
    });
    return rows.map(({ answer, cause, cause_at_ms }) => ({
      ...sessionFileJson.parse(answer),
      cause,
      causeAtMs: Number(cause_at_ms),
    }));
  }

  override async parkedBefore(receivedBeforeMs: number, limit: number): Promise<readonly ParkedMessage[]> {
    const rows = await this.rows<{ answer: unknown }>({
      text: sql.PARKED_BEFORE_SQL,
      values: [instant(receivedBeforeMs), limit],
    });
    return rows.map(({ answer }) => sql.parkedJson.parse(answer));
  }

  override commit(change: Change): Promise<void> {
    return this.committer.commit(change);
  }

  /** The changes are stored whatever a listener does with the news. */
  private tell(changes: readonly Change[]): void {
    for (const listener of this.listeners) {
      try {
        listener(changes);
      } catch (error) {
        this.logger.error(`a commit listener failed: ${String(error)}`);
      }
    }
  }

  /** Resolves when everything that was handed in is stored. */
  drain(): Promise<void> {
    return this.committer.drain();
  }

  private async write(changes: readonly Change[]): Promise<void> {
    try {
      await this.rows(commitStatement(changes));
    } catch (error) {
      const state = sqlState(error);
      throw state !== undefined && STALE_STATES.has(state)
        ? new StaleChangeError(String(error), { cause: error })
        : error;
    }
  }

  private async readTags(idTagKeys: readonly string[]): Promise<(TagRecord | null)[]> {
    type TagRow = {
      ev_id: string | null;
      operator_id: string;
      expires_at_ms: string | null;
      max_concurrent_sessions: number;
    };
    const rows = await this.rows<TagRow>({ name: 'csms_tags', text: sql.TAG_SQL, values: [storableJson(idTagKeys)] });
    return rows.map(({ ev_id, operator_id, expires_at_ms, max_concurrent_sessions }) => {
      if (ev_id === null) return null;
      const expiresAtMs = expires_at_ms === null ? null : Number(expires_at_ms);
      return { evId: ev_id, operatorId: operator_id, expiresAtMs, maxConcurrentSessions: max_concurrent_sessions };
    });
  }

  private async readOverlaps(queries: readonly OverlapQuery[]): Promise<boolean[]> {
    const questions = queries.map((query) => ({
      charge_point_id: query.chargePointId,
      connector_id: query.connectorId,
      session_id: query.sessionId,
      started_at: instant(query.startedAtMs),
      ended_at: instant(query.endedAtMs),
    }));
    const rows = await this.rows<{ overlaps: boolean }>({
      name: 'csms_overlaps',
      text: sql.OVERLAP_SQL,
      values: [storableJson(questions)],
    });
    return rows.map(({ overlaps }) => overlaps);
  }

  private async answers<A>(name: string, text: string, questions: readonly object[], shape: ZodType<A>): Promise<A[]> {
    const rows = await this.rows<{ answer: unknown }>({ name, text, values: [storableJson(questions)] });
    return rows.map(({ answer }) => shape.parse(answer));
  }

  private rows<R extends object>(query: QueryConfig): Promise<R[]> {
    const bounded = { ...query, query_timeout: STATEMENT_TIMEOUT_MS };
    return this.circuit.run(async () => (await this.pool.query<R>(bounded)).rows);
  }
}

function stopQuestion({ endedAtMs, candidatesSinceMs, ...query }: StopQuery): object {
  return { ...query, endedAt: instant(endedAtMs), candidatesSince: instant(candidatesSinceMs) };
}

function meterQuestion({ probe, ...query }: MeterQuery): object {
  if (probe === undefined) return query;
  const { atMs, measurand, value, phase, context, location } = probe;
  const probed = { probeAt: instant(atMs), probeMeasurand: measurand, probeValue: value, probePhase: phase };
  return { ...query, ...probed, probeContext: context, probeLocation: location };
}
