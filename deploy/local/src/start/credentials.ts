import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { credentialsFile, ROLES, SUPERVISION, type CredentialsFile, type Role } from '@tallywatt/contracts';
import { z } from 'zod';
import { KnownFault } from '../embedded-database/errors.js';
import { OPERATORS } from '../network/operators.js';

interface TokenRequest {
  readonly role: Role;
  readonly organisation: string;
  readonly name: string;
}

/** The first users: staff and finance of each operator, and the supervision organisation. */
export function firstUsers(): TokenRequest[] {
  const staff = OPERATORS.flatMap(({ operatorId }) => [
    { role: 'operator' as const, organisation: operatorId, name: `${operatorId.toLowerCase()}-staff` },
    { role: 'finance' as const, organisation: operatorId, name: `${operatorId.toLowerCase()}-finance` },
  ]);
  return [{ role: 'supervisor', organisation: SUPERVISION, name: 'supervision' }, ...staff];
}

const issuedTokens = z.array(
  z.object({ role: z.enum(ROLES), organisation: z.string(), name: z.string(), token: z.string().nullish() }),
);

/** Runs csms' admin command; tokens exist in clear only in its answer. */
async function issueTokens(script: string, env: Record<string, string>, requests: readonly TokenRequest[]): Promise<CredentialsFile['users']> {
  const child = spawn(process.execPath, [script, 'issue-tokens', '--rotate'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(requests));
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new KnownFault(`Issuing the first tokens failed: ${err.trim().split('\n').at(-1) ?? ''}`);
  return issuedTokens.parse(JSON.parse(out)).flatMap(({ token, ...user }) => (token ? [{ ...user, token }] : []));
}

function readCredentials(file: string): CredentialsFile | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = credentialsFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

function writeCredentials(file: string, credentials: CredentialsFile): void {
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, file);
}

export interface CredentialsTask {
  readonly file: string;
  readonly api: string;
  readonly ocpp: string;
  readonly adminScript: string;
  readonly env: Record<string, string>;
  /** Whether the tokens of a found file still open this database. */
  readonly stillValid: (token: string) => Promise<boolean>;
}

/**
 * The credentials of this data folder. Tokens are stored hashed, so a lost file means new tokens, never old ones.
 * `issued` tells whether they are new and so shown.
 */
export async function provideCredentials(task: CredentialsTask): Promise<{ credentials: CredentialsFile; issued: boolean }> {
  const found = readCredentials(task.file);
  const first = found?.users[0];
  const valid = found !== undefined && first !== undefined && (await task.stillValid(first.token));
  const users = valid ? found.users : await issueTokens(task.adminScript, task.env, firstUsers());
  const credentials = { api: task.api, ocpp: task.ocpp, users };
  writeCredentials(task.file, credentials);
  return { credentials, issued: !valid };
}
