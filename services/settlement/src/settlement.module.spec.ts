import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type INestMicroservice, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientProxy, ClientProxyFactory, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { SETTLE_JOB, SETTLEMENT_QUEUE, type SettlementJob } from '@tallywatt/contracts';
import { createPostgresBackend, withBackend } from 'bullmq';
import { firstValueFrom } from 'rxjs';
import { LedgerWriter } from './batching/ledger-writer.js';
import { METRICS_PATTERN } from './metrics/metrics.controller.js';
import { migrateQueue } from './persistence/migrate-queue.js';
import { QUEUE_SCHEMA } from './queue/settlement-queue.js';
import { SettlementModule } from './settlement.module.js';
import { foundConsortium, publishFact } from './testing/consortium.js';
import { createSettlementDatabase, type SettlementDatabase } from './testing/test-database.js';
import { PATIENCE_MS, until } from './testing/until.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describe('settlement service', () => {
  let base: SettlementDatabase;
  let app: INestMicroservice;
  let client: ClientProxy;

  beforeAll(async () => {
    base = await createSettlementDatabase();
    await migrateQueue(base.url, QUEUE_SCHEMA);
    const tcp = { host: '127.0.0.1', port: await freePort() };
    const config = {
      databaseUrl: base.url,
      redisUrl: undefined,
      ledger: { mode: 'embedded' },
      tcp,
      // Nobody listens there: settlement works without csms.
      csmsTcp: { host: '127.0.0.1', port: await freePort() },
      operators: undefined,
    } as const;
    const options = { transport: Transport.TCP, options: tcp, logger: false } as const;
    app = await NestFactory.createMicroservice<MicroserviceOptions>(SettlementModule.forConfig(config), options);
    await app.listen();
    client = ClientProxyFactory.create({ transport: Transport.TCP, options: tcp });
  });

  afterAll(async () => {
    await client.close();
    await app.close();
    await base.drop();
  });

  it('takes a job to a bill on the embedded ledger', async () => {
    await foundConsortium(app.get(LedgerWriter));
    const settlementId = await publishFact(base.owner);
    const connection = { connectionString: base.url, schema: QUEUE_SCHEMA };
    const queue = new (withBackend(createPostgresBackend).Queue)<SettlementJob>(SETTLEMENT_QUEUE, { connection });
    await queue.add(SETTLE_JOB, { settlementId });
    await queue.close();
    await until(async () => {
      const bills = await base.database.rows('select from settlement.bill where bill_id = $1', [settlementId]);
      return bills.length === 1;
    });
  });

  it('tells its figures over the message door', async () => {
    const text = await firstValueFrom(client.send<string>(METRICS_PATTERN, {}));
    expect(text).toContain('tallywatt_settlement_verdicts_total{verdict="settled",code=""} 1');
    expect(text).toContain('tallywatt_settlement_waiting 0');
    expect(text).toContain('tallywatt_settlement_review{state="quarantined"} 0');
    expect(text).toMatch(/tallywatt_ledger_projected_block [1-9]/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
