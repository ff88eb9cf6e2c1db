import { existsSync, readFileSync } from 'node:fs';

/** Expected values, worked independently; they lie beside the repository. */
export function readVectors(name: 'credit' | 'evaluation'): unknown {
  const file = new URL(`../../../../shared/vectors/${name}.json`, import.meta.url);
  if (!existsSync(file))
    throw new Error(`The vectors are expected in ../shared/vectors beside the repository; ${name}.json is not there.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
