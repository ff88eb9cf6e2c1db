import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstUsers, provideCredentials } from './credentials.js';

/** Stands for csms' admin command: answers each asked user with a token, and says how it was called. */
const ADMIN = `
let input = '';
process.stdin.on('data', (chunk) => (input += chunk)).on('end', () => {
  if (process.argv.slice(2).join(' ') !== 'issue-tokens --rotate') process.exit(2);
  process.stdout.write(JSON.stringify(JSON.parse(input).map((user, index) => ({ ...user, token: 'token-' + index }))));
});`;

describe('credentials of a data folder', () => {
  let folder = '';
  const task = (more: object = {}) => ({
    file: join(folder, 'deep', 'credentials.json'),
    api: 'http://127.0.0.1:1',
    ocpp: 'ws://127.0.0.1:2/ocpp/',
    sim: false,
    adminScript: join(folder, 'admin.mjs'),
    env: {},
    stillValid: async () => true,
    ...more,
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tw-credentials-'));
    writeFileSync(join(folder, 'admin.mjs'), ADMIN);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('issues a token for every first user and writes them for their owner alone', async () => {
    const { credentials, issued } = await provideCredentials(task());
    expect(issued).toBe(true);
    expect(credentials.users.map(({ role, organisation }) => `${organisation} ${role}`).sort()).toEqual(
      ['TELD', 'STAR', 'PTNE', 'SG']
        .flatMap((id) => [`${id} finance`, `${id} operator`])
        .concat('SUPERVISION supervisor')
        .sort(),
    );
    expect(JSON.parse(readFileSync(task().file, 'utf8'))).toEqual(credentials);
    expect(statSync(task().file).mode & 0o777).toBe(0o600);
  });

  it('keeps valid tokens, shows nothing again and adds only what is missing', async () => {
    const first = await provideCredentials(task());
    const second = await provideCredentials(task());
    expect(second).toEqual({ credentials: first.credentials, issued: false });
    const withDemo = await provideCredentials(task({ sim: true }));
    expect(withDemo.issued).toBe(false);
    expect(withDemo.credentials.users).toHaveLength(firstUsers(true).length);
    expect(withDemo.credentials.users.slice(0, 9)).toEqual(first.credentials.users);
  });

  it('issues anew when the database does not know the found tokens', async () => {
    await provideCredentials(task());
    expect((await provideCredentials(task({ stillValid: async () => false }))).issued).toBe(true);
  });

  it('says why when the admin command fails', async () => {
    writeFileSync(join(folder, 'admin.mjs'), 'console.error("no database"); process.exit(1);');
    await expect(provideCredentials(task())).rejects.toThrow('Issuing the first tokens failed: no database');
  });
});
