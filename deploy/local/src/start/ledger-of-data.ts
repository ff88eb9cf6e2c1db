import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnownFault } from '../embedded-database/errors.js';
import type { LedgerMode } from './options.js';

/**
 * Holds a data folder to the ledger that its first start had: bills on one chain mean nothing on another.
 * @throws KnownFault when this start wants another one
 */
export function holdToLedger(dataFolder: string, wanted: LedgerMode): void {
  const file = join(dataFolder, 'ledger');
  // Folders from before this file have the only ledger that there was.
  const isOld = existsSync(join(dataFolder, 'credentials.json'));
  const held = existsSync(file) ? readFileSync(file, 'utf8').trim() : isOld ? 'embedded' : wanted;
  if (held !== wanted) {
    throw new KnownFault(
      `The bills of ${dataFolder} are on the ${held} ledger: start with --ledger ${held}, or choose another folder with --data DIR.`,
    );
  }
  writeFileSync(file, `${held}\n`);
}
