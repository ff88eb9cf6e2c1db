import 'reflect-metadata';
import { ConsoleLogger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { configureHttp } from './api/http-server.js';
import { ConfigError, readCsmsConfig, type CsmsConfig } from './config/csms.config.js';
import { OcppServerLifecycle } from './connection/connection.module.js';
import { PileRouting } from './connection/pile-routing.js';
import { CsmsModule } from './csms.module.js';
import { checkDurability, DurabilityError } from './persistence/durability.js';
import { migrate } from './persistence/migrate.js';
import { DriverStanding } from './sessions/driver-standing.js';

/** Time for sockets to close and for what is in memory to be written; then the piles' queues do the rest. */
const STOP_MS_MAX = 8_000;

/** Migrate, load, open the doors, say so. */
async function start(): Promise<void> {
  const config = readCsmsConfig();
  await checkDurability(config.databaseUrl);
  await migrate(config.databaseUrl);
  const logger = new ConsoleLogger({ json: true, logLevels: ['log', 'warn', 'error', 'fatal'] });
  const app = await NestFactory.create<NestExpressApplication>(CsmsModule.forConfig(config), {
    logger,
    bufferLogs: false,
  });
  stopOnSignal(app);
  configureHttp(app);
  app.connectMicroservice<MicroserviceOptions>(microservice(app, config));
  await app.get(DriverStanding).refresh();
  await app.startAllMicroservices();
  await app.listen(config.http.port, config.http.host);
  process.stdout.write(`${JSON.stringify(await readyLine(app, config))}\n`);
}

/** Over Redis several csms processes may run, and each hears what settlement and the others say. */
function microservice(app: INestApplication, config: CsmsConfig): MicroserviceOptions {
  const strategy = app.get(PileRouting).server();
  return strategy === undefined ? { transport: Transport.TCP, options: config.tcp } : { strategy };
}

async function readyLine(app: INestApplication, config: CsmsConfig): Promise<object> {
  const [ocppPort, ocppTlsPort] = app.get(OcppServerLifecycle).ports;
  const httpPort = Number(new URL(await app.getUrl()).port);
  return {
    ready: true,
    service: 'csms',
    http: { host: config.http.host, port: httpPort },
    ocpp: { host: config.ocpp.host, port: ocppPort, tlsPort: ocppTlsPort ?? null },
    tcp: config.redisUrl === undefined ? config.tcp : null,
    ledger: config.ledger,
    queue: config.redisUrl === undefined ? 'postgresql' : 'redis',
  };
}

function stopOnSignal(app: INestApplication): void {
  let stopping = false;
  const stop = (): void => {
    // Ctrl-C under npm reaches a process twice.
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function isKnownFault(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof DurabilityError;
}

// An uncaught exception or rejection ends the process by Node's own rule; the supervisor starts it again.
start().catch((error: unknown) => {
  const message = isKnownFault(error) ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`csms does not start: ${message}\n`);
  process.exit(1);
});
