import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { place, SOCKET_FOLDER_BYTES_MAX } from './placement.js';

const ORDINARY_UID = 1000;

describe('placement of the cluster', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tw-place-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps an ordinary user’s cluster in the data folder, closed to others', () => {
    const placement = place(folder, ORDINARY_UID);
    expect(placement).toMatchObject({ cluster: join(folder, 'pg'), user: undefined, copyBinariesTo: undefined });
    expect(statSync(placement.cluster).mode & 0o777).toBe(0o700);
    expect(statSync(placement.socketFolder).mode & 0o777).toBe(0o700);
  });

  it('moves the socket to a short folder when the path would not fit', () => {
    const deep = join(folder, 'x'.repeat(SOCKET_FOLDER_BYTES_MAX));
    const placement = place(deep, ORDINARY_UID);
    expect(Buffer.byteLength(placement.socketFolder)).toBeLessThanOrEqual(SOCKET_FOLDER_BYTES_MAX);
    expect(place(deep, ORDINARY_UID).socketFolder).toBe(placement.socketFolder);
    rmSync(placement.socketFolder, { recursive: true });
  });

  it('refuses an ordinary user on a folder whose database root made', () => {
    writeFileSync(join(folder, 'database-id'), 'x\n');
    expect(() => place(folder, ORDINARY_UID)).toThrow('was made by root');
    expect(existsSync(join(folder, 'pg'))).toBe(false);
  });
});
