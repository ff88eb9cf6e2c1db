import { migrateSchema } from '@tallywatt/backing-services/migrations';

/** Found from src and from dist alike. */
const FOLDER = new URL('../../src/persistence/migrations/', import.meta.url);
/** The number has no meaning, it must only be ours. */
const LOCK = 7_411_001;

/** Brings schema `csms` up to date. @returns the names of the migrations that were applied now. */
export function migrate(url: string, folder: URL = FOLDER): Promise<string[]> {
  return migrateSchema(url, { schema: 'csms', folder, lock: LOCK });
}
