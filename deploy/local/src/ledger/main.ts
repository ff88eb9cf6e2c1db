import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { baseEnvironment, configuredServers } from '../config/environment.js';
import { KnownFault } from '../embedded-database/errors.js';
import { openEmbeddedDatabase } from '../embedded-database/embedded-database.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const LEDGER_COMMAND = fileURLToPath(
  new URL('../../../../services/settlement/dist/ledger/ledger.main.js', import.meta.url),
);

function runLedgerCommand(args: readonly string[], databaseUrl: string): Promise<number> {
  const env = { ...baseEnvironment(), DATABASE_URL: databaseUrl, LEDGER: 'embedded' };
  const child = spawn(process.execPath, [LEDGER_COMMAND, ...args], { env, stdio: 'inherit' });
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}

/**
 * `npm run ledger -- verify [--data DIR] [--json FILE]`: the ledger command of settlement on the database of a data folder,
 * whether the product runs or not. With DATABASE_URL it uses that server instead.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const { tokens } = parseArgs({ args: [...argv], options: { data: { type: 'string' } }, strict: false, tokens: true });
  const data = tokens.find((token) => token.kind === 'option' && token.name === 'data');
  const folder = data?.kind === 'option' && data.value !== undefined ? data.value : resolve(ROOT, '.data');
  const dropped = new Set(
    data?.kind === 'option' ? [data.index, ...(data.inlineValue === true ? [] : [data.index + 1])] : [],
  );
  const args = argv.filter((_, index) => !dropped.has(index));
  try {
    const { databaseUrl } = configuredServers();
    const database =
      databaseUrl === undefined
        ? await openEmbeddedDatabase(resolve(folder))
        : { url: databaseUrl, close: async () => undefined };
    const code = await runLedgerCommand(args, database.url);
    await database.close();
    process.exit(code);
  } catch (error) {
    if (!(error instanceof KnownFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
