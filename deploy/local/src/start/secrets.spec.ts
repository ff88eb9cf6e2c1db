import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pileKeyPepper } from './secrets.js';

describe('pepper of the pile keys', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tw-secrets-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is made once, 256 bits, readable by its owner alone', () => {
    const first = pileKeyPepper(folder, (size) => Buffer.alloc(size, 7));
    const second = pileKeyPepper(folder, (size) => Buffer.alloc(size, 9));
    expect(first).toBe('07'.repeat(32));
    expect(second).toBe(first);
    expect(statSync(join(folder, 'pile-key-pepper')).mode & 0o777).toBe(0o600);
  });
});
