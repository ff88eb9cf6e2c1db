import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { issueTokens, tokenRequest } from './api/auth/token-issuer.js';
import { readAdminConfig } from './config/admin.config.js';
import { PgApiUserStore } from './persistence/api-user.pg.js';
import { createPool } from './persistence/database.js';
import { migrate } from './persistence/migrate.js';

const USAGE = `usage: admin issue-tokens [--rotate] < wishes.json
  wishes: [{"role", "organisation", "name", "evId"?}]; prints them with "token" where one was made just now.
  --rotate  replaces the tokens of users that exist already
`;

/** Opens the database as csms does, for people and scripts on the server itself: no network door leads here. */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...flags] = args;
  if (command !== 'issue-tokens' || flags.some((flag) => flag !== '--rotate')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const wishes = z.array(tokenRequest).parse(JSON.parse(await text(process.stdin)));
  const { databaseUrl } = readAdminConfig();
  await migrate(databaseUrl);
  const pool = createPool(databaseUrl, 1);
  try {
    const options = { rotate: flags.includes('--rotate'), newUserId: randomUUID };
    process.stdout.write(`${JSON.stringify(await issueTokens(new PgApiUserStore(pool), wishes, options))}\n`);
    return 0;
  } finally {
    await pool.end();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (fault) {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = 1;
}
