export { startEmbeddedDatabase } from './embedded-database/embedded-database.js';
export type { EmbeddedDatabase, EmbeddedDatabaseOptions } from './embedded-database/embedded-database.js';
export { KnownFault } from './embedded-database/errors.js';
