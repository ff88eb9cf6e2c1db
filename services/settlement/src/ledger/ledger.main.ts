import { performance } from 'node:perf_hooks';
import { readLedgerDatabaseUrl } from '../config/ledger-cli.config.js';
import { Database } from '../persistence/database.js';
import { PgLedgerStore } from '../persistence/ledger-store.pg.js';
import { parseCommand, verifyCommand } from './verify/verify-command.js';

/** A walk reads one snapshot on one connection. */
const CONNECTIONS = 2;

async function main(): Promise<number> {
  const options = parseCommand(process.argv.slice(2));
  const database = new Database(readLedgerDatabaseUrl(), CONNECTIONS);
  try {
    return await verifyCommand(new PgLedgerStore(database), options, () => performance.now(), {
      line: (text) => process.stdout.write(`${text}\n`),
      progress: (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${text}\r` : ''),
    });
  } finally {
    await database.end();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
