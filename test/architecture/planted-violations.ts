/** Files of a small tree of the repository's shape; each entry breaks exactly the rule it is listed under. */
export interface Planted {
  readonly rule: string;
  readonly path: string;
  readonly text: string;
}

const on = (specifier: string): string => `import * as it from '${specifier}';\nexport const uses = it;\n`;

/** What the planted files import: innocent by itself. */
export const GROUND: Readonly<Record<string, string>> = {
  'packages/domain/src/index.ts': 'export const rule = 1;\n',
  'packages/contracts/src/index.ts': on('@tallywatt/domain'),
  'packages/backing-services/src/migrations.ts': on('pg'),
  'packages/backing-services/src/redis-transport.ts': 'export const transport = 1;\n',
  'services/csms/src/persistence/migrate.ts': on('@tallywatt/backing-services/migrations'),
  'services/csms/src/config/transport.ts': on('@tallywatt/backing-services/redis-transport'),
  'chaincode/src/index.ts': on('@tallywatt/domain'),
  'chaincode/src/server/contract-server.ts': on('node:fs'),
  'deploy/local/src/index.ts': on('@tallywatt/contracts'),
  'services/csms/src/main.ts': on('@tallywatt/contracts'),
  'services/csms/src/connection/socket.ts': on('ws'),
  'services/csms/src/persistence/database.ts': on('pg'),
  'services/csms/src/live-log/two.ts': on('./one.js'), // the way back of the planted cycle
  'services/settlement/src/main.ts': on('./ledger/embedded-ledger.js'),
  'services/settlement/src/ledger/embedded-ledger.ts': on('@tallywatt/chaincode'),
  'services/settlement/src/ledger/fabric-connection.ts': on('@hyperledger/fabric-gateway'),
  'services/csms/src/sessions/session.spec.ts': on('ws'),
  'test/support/processes.ts': on('@tallywatt/local'),
};

/** Stand-ins for what npm would install. */
export const NPM_PACKAGES = ['pg', 'ws', 'zod', 'kysely', 'fabric-contract-api', '@hyperledger/fabric-gateway'];

export const WORKSPACES: Readonly<Record<string, string>> = {
  '@tallywatt/domain': 'packages/domain',
  '@tallywatt/contracts': 'packages/contracts',
  '@tallywatt/backing-services': 'packages/backing-services',
  '@tallywatt/chaincode': 'chaincode',
  '@tallywatt/local': 'deploy/local',
};

export const PLANTED: readonly Planted[] = [
  { rule: 'no-cycle', path: 'services/csms/src/live-log/one.ts', text: on('./two.js') },
  { rule: 'no-orphan', path: 'services/csms/src/live-log/dead.ts', text: 'export const dead = 1;\n' },
  { rule: 'no-unresolvable', path: 'services/csms/src/live-log/lost.ts', text: on('./nowhere.js') },
  { rule: 'domain-imports-nothing', path: 'packages/domain/src/clock.ts', text: on('node:perf_hooks') },
  { rule: 'domain-imports-nothing', path: 'packages/domain/src/schema.ts', text: on('zod') },
  { rule: 'contracts-import-domain', path: 'packages/contracts/src/row.ts', text: on('pg') },
  {
    rule: 'backing-services-know-no-product',
    path: 'packages/backing-services/src/tables.ts',
    text: on('@tallywatt/contracts'),
  },
  {
    rule: 'backing-services-for-services',
    path: 'chaincode/src/store.ts',
    text: on('@tallywatt/backing-services/redis-transport'),
  },
  {
    rule: 'drivers-in-persistence',
    path: 'services/settlement/src/intake/tables.ts',
    text: on('@tallywatt/backing-services/migrations'),
  },
  { rule: 'csms-without-settlement', path: 'services/csms/src/finance.ts', text: on('../../settlement/src/main.js') },
  { rule: 'settlement-without-csms', path: 'services/settlement/src/piles.ts', text: on('../../csms/src/main.js') },
  { rule: 'chaincode-is-closed', path: 'chaincode/src/clock.ts', text: on('node:fs') },
  { rule: 'chaincode-is-closed', path: 'chaincode/src/bulk.ts', text: on('./server/contract-server.js') },
  {
    rule: 'chaincode-only-by-the-embedded-ledger',
    path: 'services/settlement/src/ledger/ledger.port.ts',
    text: on('@tallywatt/chaincode'),
  },
  {
    rule: 'handlers-without-sockets',
    path: 'services/csms/src/handlers/reset.handler.ts',
    text: on('../connection/socket.js'),
  },
  {
    rule: 'handlers-without-sockets',
    path: 'services/csms/src/sessions/session.service.ts',
    text: on('../connection/socket.js'),
  },
  { rule: 'sockets-in-connection', path: 'services/csms/src/live-log/push.ts', text: on('ws') },
  { rule: 'drivers-in-persistence', path: 'services/csms/src/outbox/relay.ts', text: on('pg') },
  { rule: 'drivers-in-persistence', path: 'services/settlement/src/finance/statement.ts', text: on('kysely') },
  {
    rule: 'fabric-in-ledger',
    path: 'services/settlement/src/events/listener.ts',
    text: on('@hyperledger/fabric-gateway'),
  },
  {
    rule: 'simulators-stay-outside',
    path: 'simulators/charge-point/src/shortcut.ts',
    text: on('../../../services/csms/src/main.js'),
  },
  {
    rule: 'deploy-starts-processes',
    path: 'deploy/local/src/start.ts',
    text: on('../../../services/csms/src/main.js'),
  },
  { rule: 'nothing-imports-deploy', path: 'services/csms/src/config/boot.ts', text: on('@tallywatt/local') },
  {
    rule: 'sources-without-tests',
    path: 'simulators/charge-point/src/borrowed.ts',
    text: on('../../../test/support/processes.js'),
  },
  { rule: 'no-own-barrel', path: 'packages/contracts/src/barrel.ts', text: on('./index.js') },
];
