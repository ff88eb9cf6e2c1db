import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  CallRouter,
  ChargePointStore,
  ConnectionEvents,
  ConnectionRegistry,
  CsmsModule,
  FrameLog,
  PileConnection,
  SYSTEM_CLOCK,
  migrate,
  readCsmsConfig,
  type ChargePoint,
} from '@tallywatt/csms';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '@tallywatt/local';
import pg from 'pg';
import { InProcessLine } from './in-process-line.js';
import type { Dial } from './pile-run.js';
import { OPERATOR, registerPiles, tagsOf, type Sql, type WorldPile } from './world.js';

const PEPPER = Buffer.alloc(32, 5);
const STATION = 'FUZZ';
/** Nothing listens there: settlement is no part of this run. */
const NOBODYS_PORT = '1';

/** The whole csms in this process on a real PostgreSQL, entered behind its sockets. */
export class InProcessCsms {
  private constructor(
    private readonly app: INestApplicationContext,
    private readonly pool: pg.Pool,
    private readonly close: () => Promise<void>,
  ) {}

  /** On a database of its own; `complaints` gets every warning and error that it logs. */
  static async start(complaints: string[]): Promise<InProcessCsms> {
    const folder = mkdtempSync(join(tmpdir(), 'tallywatt-fuzz-'));
    // Nothing is killed here: without fsync a million frames take minutes.
    const database = await startEmbeddedDatabase({ dataFolder: folder, durable: false });
    const remove = async (): Promise<void> => {
      await database.stop();
      rmSync(dirname(database.clusterFolder), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      return await InProcessCsms.on(database.url, complaints, remove);
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** On an empty database that somebody else removes. */
  static async on(
    url: EmbeddedDatabase['url'],
    complaints: string[],
    removed = async (): Promise<void> => undefined,
  ): Promise<InProcessCsms> {
    await migrate(url);
    const config = readCsmsConfig({
      DATABASE_URL: url,
      PILE_KEY_PEPPER: PEPPER.toString('hex'),
      HTTP_PORT: '0',
      OCPP_PORT: '0',
      SETTLEMENT_TCP_PORT: NOBODYS_PORT,
    });
    const logger = complaintsOnly(complaints);
    const app = await NestFactory.createApplicationContext(CsmsModule.forConfig(config), {
      logger,
      abortOnError: false,
    });
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    return new InProcessCsms(app, pool, async () => {
      await app.close();
      await pool.end();
      await removed();
    });
  }

  readonly sql: Sql = async (text, values = []) => (await this.pool.query<object>(text, [...values])).rows;

  async register(piles: readonly WorldPile[]): Promise<void> {
    await registerPiles(this.sql, PEPPER, STATION, piles);
    const tags = tagsOf(piles);
    await this.sql(`insert into csms.account select tag, $1, 1000 from unnest($2::text[]) as x(tag)`, [OPERATOR, tags]);
    await this.sql(
      `insert into csms.id_tag (id_tag_key, id_tag, ev_id, operator_id) select lower(tag), tag, tag, $1 from unnest($2::text[]) as x(tag)`,
      [OPERATOR, tags],
    );
  }

  readonly dial: Dial = async (chargePointId, listener) => {
    const chargePoint = await this.find(chargePointId);
    const line = new InProcessLine(listener);
    const registry = this.app.get(ConnectionRegistry);
    const dependencies = {
      router: this.app.get(CallRouter),
      frameLog: this.app.get(FrameLog),
      events: this.app.get(ConnectionEvents),
      clock: SYSTEM_CLOCK,
      newId: randomUUID,
      onOutage: () => undefined,
      onClosed: (connection: PileConnection) => registry.remove(connection),
    };
    registry.admit(chargePointId, 'in process', (inheritance) => {
      const facts = { ...inheritance, chargePoint, remoteAddress: 'in process', secure: false };
      return new PileConnection(line, facts, dependencies);
    });
    return line;
  };

  /** As the upgrade does it; while the database is away a pile asks again. */
  private async find(chargePointId: string): Promise<ChargePoint> {
    for (let attempt = 1; ; attempt++) {
      try {
        const found = await this.app.get(ChargePointStore).find(chargePointId);
        if (found !== undefined) return found;
      } catch (error) {
        if (attempt === FINDS_MAX) throw error;
      }
      if (attempt === FINDS_MAX) throw new Error(`${chargePointId} is not registered`);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }

  /** Heap of this process, csms and harness together, after a full collection. */
  readonly readHeap = async (): Promise<number> => {
    // Buffered rows are written within a second: they are no growth.
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };

  async end(): Promise<void> {
    await this.close();
  }
}
const SETTLE_MS = 2_000;
export const FINDS_MAX = 30;
/** Warnings and errors that are kept: the list itself must not grow the heap. */
export const COMPLAINTS_MAX = 200;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Settlement owns the queue's tables and the view of standings; without it csms says so and goes on. */
const WITHOUT_SETTLEMENT = /^driver standing not readable|jobs not added; the sweeper will find them/;

function complaintsOnly(complaints: string[]): LoggerService {
  const note = (message: unknown): void => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    if (complaints.length < COMPLAINTS_MAX && !WITHOUT_SETTLEMENT.test(text)) complaints.push(text);
  };
  const ignore = (): void => undefined;
  return { log: ignore, debug: ignore, verbose: ignore, warn: note, error: note, fatal: note };
}
