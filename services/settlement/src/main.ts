import 'reflect-metadata';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { redisTransport } from '@tallywatt/backing-services/redis-transport';
import { ConfigError, readSettlementConfig, type SettlementConfig } from './config/settlement.config.js';
import { migrate } from './persistence/migrate.js';
import { migrateQueue } from './persistence/migrate-queue.js';
import { WriterSeat } from './persistence/writer-seat.pg.js';
import { QUEUE_SCHEMA, QueueSettingError } from './queue/settlement-queue.js';
import { SettlementModule } from './settlement.module.js';
import { stopOnSignal } from './stop-on-signal.js';

async function start(): Promise<void> {
  const config = readSettlementConfig();
  await migrate(config.databaseUrl);
  if (config.redisUrl === undefined) await migrateQueue(config.databaseUrl, QUEUE_SCHEMA);
  const logger = new ConsoleLogger({ json: true, logLevels: ['log', 'warn', 'error', 'fatal'] });
  await takeSeat(config.databaseUrl, logger);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(SettlementModule.forConfig(config), {
    ...transport(config),
    logger,
  });
  stopOnSignal(app, process);
  await app.listen();
  process.stdout.write(`${JSON.stringify(readyLine(config))}\n`);
}

/** Before anything is read, listened on or consumed: a standby does nothing. The seat ends with the process. */
function takeSeat(databaseUrl: string, logger: ConsoleLogger): Promise<WriterSeat> {
  return WriterSeat.take(databaseUrl, {
    standby: () =>
      logger.warn('standby: another settlement process settles on this database; this one waits for its end'),
    lost: () => {
      logger.fatal('another settlement process has taken over; this one ends');
      process.exit(1);
    },
  });
}

function transport({ redisUrl, tcp }: SettlementConfig): MicroserviceOptions {
  return redisUrl === undefined
    ? { transport: Transport.TCP, options: tcp }
    : { transport: Transport.REDIS, options: redisTransport(redisUrl) };
}

function readyLine(config: SettlementConfig): object {
  return {
    ready: true,
    service: 'settlement',
    tcp: config.redisUrl === undefined ? config.tcp : null,
    ledger: config.ledger,
    notice: config.ledger.mode === 'embedded' ? 'development ledger, no consensus' : null,
    queue: config.redisUrl === undefined ? 'postgresql' : 'redis',
  };
}

start().catch((error: unknown) => {
  const isKnown = error instanceof ConfigError || error instanceof QueueSettingError;
  const message = isKnown ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`settlement does not start: ${message}\n`);
  process.exit(1);
});
