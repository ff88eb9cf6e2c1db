import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdToLedger } from './ledger-of-data.js';

describe('ledger of a data folder', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tw-ledger-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the one of its first start', () => {
    holdToLedger(folder, 'fabric');
    holdToLedger(folder, 'fabric');
    expect(() => holdToLedger(folder, 'embedded')).toThrow('start with --ledger fabric');
  });

  it('is the embedded one in a folder from before there was a choice', () => {
    writeFileSync(join(folder, 'credentials.json'), '{}');
    expect(() => holdToLedger(folder, 'fabric')).toThrow('start with --ledger embedded');
    holdToLedger(folder, 'embedded');
  });
});
