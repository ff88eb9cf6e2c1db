import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ES_MODULES_FLAG = '--experimental-vm-modules';

// Specs are ES modules, for which jest needs a flag of Node: a bare `npx jest path` gets it here.
if (![...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').includes(ES_MODULES_FLAG)) {
  const args = [ES_MODULES_FLAG, '--disable-warning=ExperimentalWarning', ...process.argv.slice(1)];
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
}

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** Specs run on the sources of every workspace (condition "source"): no build needed. */
export default {
  testEnvironment: 'node',
  // A shared machine stalls for seconds; a spec that hangs is still found.
  testTimeout: 30_000,
  // Seen once: all specs done, the database stopped, and a pipe of an ended child still held the process.
  forceExit: true,
  globalSetup: '<rootDir>/test/support/database-server.mjs',
  globalTeardown: '<rootDir>/test/support/database-server-stop.mjs',
  // Adding 'import' here breaks jest's own packages; these three are enough.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/fixtures/', '/\\.data/'],
  modulePathIgnorePatterns: ['<rootDir>/\\.data/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
};
