import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { operatorsOf, readCredentials, tokenOf } from './credentials.js';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: unknown): string {
  const path = join(folder, 'credentials.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}
const VALID = {
  api: 'http://127.0.0.1:8080',
  ocpp: 'ws://127.0.0.1:9000/ocpp',
  users: [
    { role: 'operator', organisation: 'TELD', name: 'teld', token: 't1' },
    { role: 'finance', organisation: 'TELD', name: 'teld', token: 't2' },
    { role: 'operator', organisation: 'SG', name: 'sg', token: 't3' },
  ],
};

describe('readCredentials', () => {
  it('reads what npm start writes', () => {
    const credentials = readCredentials(file(VALID));
    expect(tokenOf(credentials, 'finance', 'TELD')).toBe('t2');
    expect(operatorsOf(credentials)).toEqual(['TELD', 'SG']);
  });

  it('says what to do when the file is missing', () => {
    expect(() => readCredentials('/nonexistent/credentials.json')).toThrow('npm start');
  });

  it('refuses another kind of file, and names the missing token', () => {
    expect(() => readCredentials(file({ api: 1 }))).toThrow('not a credentials file');
    expect(() => tokenOf(readCredentials(file(VALID)), 'supervisor', 'SUPERVISION')).toThrow(
      'supervisor of SUPERVISION',
    );
  });
});
