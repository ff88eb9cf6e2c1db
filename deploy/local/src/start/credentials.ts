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
  readonly evId?: string;
}

/** Drivers of the demo, as the simulator names their accounts; they rate the bills that they get. */
const DEMO_DRIVERS_PER_OPERATOR = 8;

function demoDrivers(): TokenRequest[] {
  return OPERATORS.flatMap(({ operatorId }) =>
    Array.from({ length: DEMO_DRIVERS_PER_OPERATOR }, (_, index) => {
      const evId = `DEMO-${operatorId}-${String(index + 1).padStart(2, '0')}`;
      return { role: 'driver' as const, organisation: operatorId, name: evId, evId };
    }),
  );
}

/** The first users: staff and finance of each operator, the supervision organisation, and the demo's drivers. */
export function firstUsers(sim: boolean): TokenRequest[] {
  const staff = OPERATORS.flatMap(({ operatorId }) => [
    { role: 'operator' as const, organisation: operatorId, name: `${operatorId.toLowerCase()}-staff` },
    { role: 'finance' as const, organisation: operatorId, name: `${operatorId.toLowerCase()}-finance` },
  ]);
  return [
    { role: 'supervisor', organisation: SUPERVISION, name: 'supervision' },
    ...staff,
    ...(sim ? demoDrivers() : []),
  ];
}

const issuedTokens = z.array(
  z.object({
    role: z.enum(ROLES),
    organisation: z.string(),
    name: z.string(),
    evId: z.string().nullish(),
    token: z.string().nullish(),
  }),
);

/** Runs csms' admin command; tokens exist in clear only in its answer. */
async function issueTokens(
  script: string,
  env: Record<string, string>,
  requests: readonly TokenRequest[],
): Promise<CredentialsFile['users']> {
  const child = spawn(process.execPath, [script, 'issue-tokens', '--rotate'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(requests));
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new KnownFault(`Issuing the first tokens failed: ${err.trim().split('\n').at(-1) ?? ''}`);
  const issued = issuedTokens.parse(JSON.parse(out));
  return issued.flatMap(({ token, evId, ...user }) => (token ? [{ ...user, ...(evId ? { evId } : {}), token }] : []));
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
  readonly sim: boolean;
  readonly adminScript: string;
  readonly env: Record<string, string>;
  /** Whether the tokens of a found file still open this database. */
  readonly stillValid: (token: string) => Promise<boolean>;
}

/**
 * The credentials of this data folder. Tokens are stored hashed, so a lost file means new tokens, never old ones.
 * `issued` tells whether the tokens of people are new and so shown.
 */
export async function provideCredentials(
  task: CredentialsTask,
): Promise<{ credentials: CredentialsFile; issued: boolean }> {
  const found = readCredentials(task.file)?.users ?? [];
  const first = found[0];
  const kept = first !== undefined && (await task.stillValid(first.token)) ? found : [];
  const missing = firstUsers(task.sim).filter(
    ({ role, organisation, name }) =>
      !kept.some((user) => user.role === role && user.organisation === organisation && user.name === name),
  );
  const issued = missing.length === 0 ? [] : await issueTokens(task.adminScript, task.env, missing);
  const credentials = { api: task.api, ocpp: task.ocpp, users: [...kept, ...issued] };
  writeCredentials(task.file, credentials);
  return { credentials, issued: issued.some(({ role }) => role !== 'driver') };
}
