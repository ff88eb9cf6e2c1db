import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Listr, PRESET_TIMER } from 'listr2';
import { configuredServers } from '../config/environment.js';
import { KnownFault } from '../embedded-database/errors.js';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../embedded-database/embedded-database.js';
import { NetworkApi } from '../network/network-api.js';
import { seedNetwork } from '../network/seed-network.js';
import { provideCredentials } from './credentials.js';
import { adminScript, csmsEnvironment, csmsSpec, demoSpec, settlementSpec, type Wiring } from './launch-plan.js';
import { startFabricNetwork } from './fabric-network.js';
import { holdToLedger } from './ledger-of-data.js';
import { parseStartOptions, type StartOptions } from './options.js';
import { freePort, requireFreePort } from './ports.js';
import { pileKeyPepper } from './secrets.js';
import { ServiceProcess } from './service-process.js';
import { summary, type Summary } from './summary.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** What a start has begun, in the order of beginning; ended backwards. */
class Running {
  private readonly parts: { name: string; stop: () => Promise<void> }[] = [];

  add(name: string, stop: () => Promise<void>): void {
    this.parts.push({ name, stop });
  }

  async stop(): Promise<void> {
    for (let part = this.parts.pop(); part !== undefined; part = this.parts.pop()) await part.stop();
  }
}

function toTerminal(line: string): void {
  process.stderr.write(`${line}\n`);
}

interface Context {
  fabricProfile?: string;
  wiring?: Wiring;
  summary?: Summary;
}

async function provideDatabase(
  options: StartOptions,
  running: Running,
): Promise<Pick<EmbeddedDatabase, 'url' | 'version'>> {
  const { databaseUrl } = configuredServers();
  if (databaseUrl !== undefined) return { url: databaseUrl, version: 'DATABASE_URL' };
  const database = await startEmbeddedDatabase({ dataFolder: options.dataFolder, notice: toTerminal });
  running.add('database', () => database.stop());
  return database;
}

async function launch(spec: ConstructorParameters<typeof ServiceProcess>[0], running: Running): Promise<void> {
  const child = new ServiceProcess(spec);
  running.add(spec.name, () => child.stop());
  await child.start();
}

/** The demo has no door to open: it is under way as soon as it runs. */
function launchDemo(wiring: Wiring, running: Running): void {
  const child = new ServiceProcess(demoSpec(wiring));
  running.add('demo', () => child.stop());
  child.begin();
}

async function stillValid(api: string, token: string): Promise<boolean> {
  const response = await fetch(`${api}/v1/charge-points?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status !== 401;
}

function wiringOf(context: Context): Wiring {
  if (context.wiring === undefined) throw new Error('a step ran before the database was there');
  return context.wiring;
}

async function openFabric(options: StartOptions, running: Running, step: (text: string) => void): Promise<string> {
  const network = await startFabricNetwork(options, step);
  running.add('fabric network', () => network.stop());
  return network.profileFile;
}

async function wire(options: StartOptions, running: Running, fabricProfile: string | undefined): Promise<Wiring> {
  const database = await provideDatabase(options, running);
  return {
    root: ROOT,
    options,
    databaseUrl: database.url,
    redisUrl: configuredServers().redisUrl,
    pepperHex: pileKeyPepper(options.dataFolder, randomBytes),
    csmsTcpPort: await freePort(),
    settlementTcpPort: await freePort(),
    notice: toTerminal,
    fabricProfile,
  };
}

async function openNetwork(context: Context): Promise<void> {
  const wiring = wiringOf(context);
  const { options } = wiring;
  const api = `http://${options.host}:${options.port}`;
  const { credentials, issued } = await provideCredentials({
    file: options.credentialsFile,
    api,
    ocpp: `ws://${options.host}:${options.ocppPort}/ocpp`,
    sim: options.sim,
    adminScript: adminScript(wiring),
    env: csmsEnvironment(wiring),
    stillValid: (token) => stillValid(api, token),
  });
  const { credentialsFile, sim, ledger } = options;
  context.summary = { credentials, issued, credentialsFile, sim, ledger };
  await seedNetwork(new NetworkApi(credentials));
}

function steps(options: StartOptions, running: Running): Listr<Context> {
  const tasks = new Listr<Context>([], {
    rendererOptions: { timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  });
  tasks.add([
    {
      title: 'Ports and data folder',
      task: async () => {
        mkdirSync(options.dataFolder, { recursive: true });
        holdToLedger(options.dataFolder, options.ledger);
        await requireFreePort(options.host, options.port, '--port');
        await requireFreePort(options.host, options.ocppPort, '--ocpp-port');
      },
    },
    {
      title: 'Fabric network',
      enabled: () => options.ledger === 'fabric',
      task: async (context, task) => {
        const step = (text: string): void => void (task.title = `Fabric network: ${text}`);
        context.fabricProfile = await openFabric(options, running, step);
      },
    },
    {
      title: 'Built-in PostgreSQL 18',
      task: async (context) => void (context.wiring = await wire(options, running, context.fabricProfile)),
    },
    {
      title:
        options.ledger === 'fabric'
          ? 'Settlement: queue, and the consortium’s ledger'
          : 'Settlement: queue and development ledger (no consensus)',
      task: (context) => launch(settlementSpec(wiringOf(context)), running),
    },
    { title: 'Central system: OCPP and API', task: (context) => launch(csmsSpec(wiringOf(context)), running) },
    { title: 'Consortium: operators, parameters, tariffs, first users', task: openNetwork },
    {
      title: 'Simulated piles and drivers',
      enabled: () => options.sim,
      task: (context) => launchDemo(wiringOf(context), running),
    },
  ]);
  return tasks;
}

function stopOnSignals(running: Running, line: (text: string) => void): void {
  let stopping = false;
  // npm passes Ctrl-C on as well, so it arrives twice: `on` with a flag, never `once`.
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    line('Stopping …');
    void running.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** `npm start`: everything on embedded defaults, in steps; on a known fault one clear line and a non-zero exit. */
export async function main(argv: readonly string[]): Promise<void> {
  const line = (text: string): void => void process.stdout.write(`${text}\n`);
  const options = parseStartOptions(argv, ROOT);
  const running = new Running();
  stopOnSignals(running, line);
  const context: Context = {};
  try {
    await steps(options, running).run(context);
    if (context.summary !== undefined) line(summary(context.summary));
  } catch (error) {
    await running.stop();
    process.stderr.write(
      `${error instanceof KnownFault ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  }
}
