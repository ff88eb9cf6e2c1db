// jest global setup: the specs' PostgreSQL. TEST_DATABASE_URL names another server; otherwise the built-in one is started
// without fsync in a temporary folder, so that `npm test` needs nothing but Node.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function startDatabaseServer() {
  if (process.env.TEST_DATABASE_URL !== undefined) return;
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
  const build = spawnSync(process.execPath, [tsc, '-b', 'deploy/local'], { cwd: root, encoding: 'utf8' });
  const compiled = join(root, 'deploy/local/dist/index.js');
  // A half-edited rule must not keep every other spec from running: an earlier build of this part will do.
  if (build.status !== 0 && !existsSync(compiled))
    throw new Error(`deploy/local does not compile:\n${build.stdout}${build.stderr}`);
  const { startEmbeddedDatabase } = await import(pathToFileURL(compiled).href);
  const folder = mkdtempSync(join(tmpdir(), 'tallywatt-test-'));
  const database = await startEmbeddedDatabase({ dataFolder: folder, durable: false });
  process.env.TEST_DATABASE_URL = database.url;
  globalThis.tallywattTestDatabase = {
    async stop() {
      await database.stop();
      rmSync(dirname(database.clusterFolder), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
