import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { postgresBinaries, type PostgresBinaries } from './binaries.js';
import { databaseEnvironment } from '../config/environment.js';
import { KnownFault } from './errors.js';
import { claimFolder } from './folder-owner.js';
import { OwnedServer, type Notice } from './owned-server.js';
import { place, type Placement } from './placement.js';

const SUPERUSER = 'tallywatt';
const DATABASE = 'postgres';
/** First start takes 1–3 s; after a kill the old shared memory may need as long to go. */
export const START_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;
const POLL_MS = 40;
/** A server that meets the old one's shared memory ends at once: the next attempt follows soon. */
const SPAWN_AGAIN_MS = 400;
/** Held for life by the one owner of a data folder, beside its claim on the folder ("TALLYWAT" as a number). */
const OWNER_LOCK = '6071202';

export interface EmbeddedDatabaseOptions {
  readonly dataFolder: string;
  /** For specs that cannot wait; {@link START_MS_MAX} otherwise. */
  readonly startMsMax?: number;
  /** `false` only for tests: no fsync. */
  readonly durable?: boolean;
  /** Told when the server died and is brought back; silent otherwise. */
  readonly notice?: Notice;
}

export interface EmbeddedDatabase {
  /** Connection URL of the owner over the Unix socket. */
  readonly url: string;
  readonly version: string;
  /** True when this start made the cluster. */
  readonly fresh: boolean;
  /** Where the cluster lies; a test removes it after `stop`. */
  readonly clusterFolder: string;
  stop(): Promise<void>;
}

function databaseUrl(placement: Placement): string {
  return `postgresql://${SUPERUSER}@${encodeURIComponent(placement.socketFolder)}/${DATABASE}`;
}

async function connect(url: string): Promise<Client | undefined> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch {
    return undefined;
  }
}

function userOptions(placement: Placement): { uid?: number; gid?: number } {
  return placement.user ?? {};
}

function initialise(placement: Placement, binaries: PostgresBinaries): boolean {
  if (existsSync(join(placement.cluster, 'PG_VERSION'))) return false;
  // A first start that was killed leaves half a cluster behind; initdb wants an empty folder.
  for (const name of readdirSync(placement.cluster)) rmSync(join(placement.cluster, name), { recursive: true });
  const args = ['-D', placement.cluster, '-U', SUPERUSER, '--auth=trust', '--encoding=UTF8', '--no-sync'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const made = spawnSync(binaries.initdb, [...args, ...locale], {
    ...userOptions(placement),
    encoding: 'utf8',
    cwd: placement.cluster,
    env: databaseEnvironment(),
  });
  if (made.status === 0) return true;
  const reason = made.error?.message ?? made.stderr.trim().split('\n').at(-1) ?? 'unknown';
  throw new KnownFault(
    `The built-in PostgreSQL could not make its cluster in ${placement.cluster}: ${reason}. ` +
      'A user without an entry in /etc/passwd cannot run it; set DATABASE_URL to a PostgreSQL ≥ 15 instead.',
  );
}

function postmasterPid(placement: Placement): number | undefined {
  const file = join(placement.cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const comm = `/proc/${pid}/comm`;
  return !existsSync(comm) || readFileSync(comm, 'utf8').startsWith('postgres');
}

/** After a crash of the machine the pid in the file may belong to somebody else, and PostgreSQL would refuse to start. */
function dropStalePidFile(placement: Placement): void {
  const pid = postmasterPid(placement);
  if (pid !== undefined && !isPostgres(pid)) rmSync(join(placement.cluster, 'postmaster.pid'), { force: true });
}

function serverSettings(placement: Placement, durable: boolean): string[] {
  const durability = durable ? 'on' : 'off';
  const settings = {
    listen_addresses: '',
    unix_socket_directories: placement.socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '120',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    jit: 'off',
    // New tables grow from nothing to millions of rows within the hour: plans must follow.
    autovacuum_naptime: '15s',
    fsync: durability,
    full_page_writes: durability,
    synchronous_commit: durability,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function spawnServer(placement: Placement, binaries: PostgresBinaries, durable: boolean): void {
  const log = openSync(placement.logFile, 'a', 0o600);
  const server = spawn(binaries.postgres, ['-D', placement.cluster, ...serverSettings(placement, durable)], {
    ...userOptions(placement),
    cwd: placement.cluster,
    detached: true,
    stdio: ['ignore', log, log],
    env: databaseEnvironment(),
  });
  server.on('error', () => undefined);
  server.unref();
  closeSync(log);
}

async function startServer(
  placement: Placement,
  binaries: PostgresBinaries,
  options: EmbeddedDatabaseOptions,
): Promise<Client> {
  const startMsMax = options.startMsMax ?? START_MS_MAX;
  const url = databaseUrl(placement);
  const deadline = performance.now() + startMsMax;
  let nextSpawn = 0;
  while (performance.now() < deadline) {
    const client = await connect(url);
    if (client !== undefined) return client;
    dropStalePidFile(placement);
    if (postmasterPid(placement) === undefined && performance.now() >= nextSpawn) {
      spawnServer(placement, binaries, options.durable ?? true);
      nextSpawn = performance.now() + SPAWN_AGAIN_MS;
    }
    await sleep(POLL_MS);
  }
  throw new KnownFault(`The built-in PostgreSQL did not start within ${startMsMax / 1000} s: see ${placement.logFile}`);
}

function ownedByAnother(dataFolder: string): KnownFault {
  return new KnownFault(
    `Another Tallywatt runs on ${dataFolder}: end it first, or choose another folder with --data DIR.`,
  );
}

async function takeOwnership(owner: Client, dataFolder: string): Promise<void> {
  const { rows } = await owner.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [OWNER_LOCK]);
  if (rows[0]?.taken === true) return;
  await owner.end();
  throw ownedByAnother(dataFolder);
}

async function stopServer(placement: Placement, owned: OwnedServer): Promise<void> {
  await owned.release();
  const pid = postmasterPid(placement);
  if (pid === undefined || !isPostgres(pid)) return;
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + STOP_MS_MAX;
  while (existsSync(join(placement.cluster, 'postmaster.pid')) && performance.now() < deadline) await sleep(POLL_MS);
}

/**
 * Starts the built-in PostgreSQL of a data folder, or adopts the one that a killed start left running; brings it back
 * when it dies, until `stop`.
 * One owner per folder; throws {@link KnownFault} with one clear line for everything that a person can mend.
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const placement = place(options.dataFolder);
  const claim = await claimFolder(placement.socketFolder);
  if (claim === undefined) throw ownedByAnother(options.dataFolder);
  try {
    const binaries = postgresBinaries(placement.copyBinariesTo);
    const fresh = initialise(placement, binaries);
    const owned = await ownServer(placement, binaries, options);
    const stop = async (): Promise<void> => {
      await stopServer(placement, owned);
      await claim.release();
    };
    return { url: databaseUrl(placement), version: binaries.version, fresh, clusterFolder: placement.cluster, stop };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

async function ownServer(
  placement: Placement,
  binaries: PostgresBinaries,
  options: EmbeddedDatabaseOptions,
): Promise<OwnedServer> {
  const own = async (): Promise<Client> => {
    const owner = await startServer(placement, binaries, options);
    await takeOwnership(owner, options.dataFolder);
    return owner;
  };
  return new OwnedServer(await own(), own, options.notice ?? (() => undefined));
}

export interface OpenDatabase {
  readonly url: string;
  /** Ends the server when this call started it. */
  close(): Promise<void>;
}

/** For tools beside a running start: its database when it lives, else started for as long as the tool needs it. */
export async function openEmbeddedDatabase(dataFolder: string): Promise<OpenDatabase> {
  if (!existsSync(join(dataFolder, 'pg')) && !existsSync(join(dataFolder, 'database-id'))) {
    throw new KnownFault(
      `There is no Tallywatt data in ${dataFolder}: run npm start once, or name the folder with --data DIR.`,
    );
  }
  const url = databaseUrl(place(dataFolder));
  const client = await connect(url);
  if (client !== undefined) {
    await client.end();
    return { url, close: async () => undefined };
  }
  const database = await startEmbeddedDatabase({ dataFolder });
  return { url: database.url, close: () => database.stop() };
}
