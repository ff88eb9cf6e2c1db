import { createHash, randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KnownFault } from './errors.js';

/** Folder for what root's database needs outside the checkout. */
export const SYSTEM_FOLDER = '/var/lib/tallywatt';
/** Debian's `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
/** A Unix socket path must fit in 108 bytes; PostgreSQL adds `/.s.PGSQL.5432` and a lock suffix. */
export const SOCKET_FOLDER_BYTES_MAX = 80;

/** Where a cluster lies and who runs it. `user` undefined: the current one. */
export interface Placement {
  readonly cluster: string;
  readonly socketFolder: string;
  readonly logFile: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly copyBinariesTo: string | undefined;
}

function ownedFolder(path: string, user: Placement['user']): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(path, user.uid, user.gid);
  return path;
}

function socketFolder(preferred: string, dataFolder: string, user: Placement['user']): string {
  if (Buffer.byteLength(preferred) <= SOCKET_FOLDER_BYTES_MAX) return ownedFolder(preferred, user);
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  return ownedFolder(join(tmpdir(), `tallywatt-${name}`), user);
}

function clusterId(dataFolder: string): string {
  const file = join(dataFolder, 'database-id');
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`, { mode: 0o644 });
  return readFileSync(file, 'utf8').trim();
}

function asOrdinaryUser(dataFolder: string): Placement {
  if (existsSync(join(dataFolder, 'database-id'))) {
    throw new KnownFault(
      `The database of ${dataFolder} was made by root and lies in ${SYSTEM_FOLDER}: ` +
        'start as root again, or choose another folder with --data DIR.',
    );
  }
  const cluster = ownedFolder(join(dataFolder, 'pg'), undefined);
  return {
    cluster,
    socketFolder: socketFolder(join(dataFolder, 'run'), dataFolder, undefined),
    logFile: join(dataFolder, 'postgres.log'),
    user: undefined,
    copyBinariesTo: undefined,
  };
}

function asRoot(dataFolder: string): Placement {
  const inPlace = join(dataFolder, 'pg');
  const owner = statSync(existsSync(inPlace) ? inPlace : dataFolder);
  const user = owner.uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid: owner.uid, gid: owner.gid };
  const base = existsSync(inPlace) ? dataFolder : join(SYSTEM_FOLDER, clusterId(dataFolder));
  if (base !== dataFolder) {
    mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
    ownedFolder(base, user);
  }
  return {
    cluster: ownedFolder(join(base, 'pg'), user),
    socketFolder: socketFolder(join(base, 'run'), dataFolder, user),
    logFile: join(base, 'postgres.log'),
    user,
    copyBinariesTo: SYSTEM_FOLDER,
  };
}

/**
 * Decides where the cluster of a data folder lies. An ordinary user keeps it in the folder; root cannot run
 * PostgreSQL and its folder may be closed to others, so cluster and binaries go to {@link SYSTEM_FOLDER}.
 */
export function place(dataFolder: string, uid: number | undefined = process.getuid?.()): Placement {
  const folder = resolve(dataFolder);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return uid === 0 ? asRoot(folder) : asOrdinaryUser(folder);
}
