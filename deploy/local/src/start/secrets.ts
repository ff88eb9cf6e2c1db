import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 256 bits: keys of piles are checked by HMAC with it, so it must not be guessable and must not be in the database. */
const PEPPER_BYTES = 32;

/** The pepper of this data folder, made at the first start (hex, file mode 0600). */
export function pileKeyPepper(dataFolder: string, randomBytes: (size: number) => Buffer): string {
  const file = join(dataFolder, 'pile-key-pepper');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(PEPPER_BYTES).toString('hex')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
