/**
 * The walls of docs/ARCHITECTURE.md. Each rule is proven by a planted violation in
 * test/architecture/boundaries.spec.ts: a rule added here needs one there.
 */
const SPEC = '\\.spec\\.ts$|/testing/';
/** Reached by a path on a command line, not by an import. */
const STARTED = '(?:^|[/.])(?:main|index)\\.ts$|/child-guard\\.ts$';
const WORKSPACE = '^(packages/[^/]+|services/[^/]+|chaincode|simulators/[^/]+|deploy/[^/]+)';
const npm = (...names) => `^node_modules/(?:@types/)?(?:${names.join('|')})(?:/|$)`;

/** `to` is what may not be imported from `from`; specs may reach further than what they test. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: SPEC, ...from },
  to,
});

module.exports = {
  forbidden: [
    forbid('no-cycle', 'A cycle has no first file to read.', {}, { circular: true }),
    forbid(
      'no-orphan',
      'A file that nothing reaches is dead.',
      { orphan: true, pathNot: `${SPEC}|${STARTED}|\\.d\\.ts$|\\.(?:cjs|mjs|js)$|^test/` },
      {},
    ),
    forbid('no-unresolvable', 'What cannot be found is not checked either.', {}, { couldNotResolve: true }),
    forbid(
      'domain-imports-nothing',
      'Rules are pure: not even node: modules.',
      { path: '^packages/domain/src/' },
      { pathNot: '^packages/domain/src/' },
    ),
    forbid(
      'contracts-import-domain',
      'Messages know the rules and their own schemas only.',
      { path: '^packages/contracts/src/' },
      { pathNot: `^packages/(?:contracts|domain)/src/|${npm('zod')}` },
    ),
    forbid(
      'backing-services-know-no-product',
      'How a service meets its PostgreSQL and Redis, whatever it does with them.',
      { path: '^packages/backing-services/src/' },
      { pathNot: `^packages/backing-services/src/|${npm('pg')}|^(?:node:)?(?:crypto|fs/promises)$` },
    ),
    forbid(
      'backing-services-for-services',
      'Rules, contract and simulators have no servers behind them.',
      { pathNot: `${SPEC}|^services/|^packages/backing-services/` },
      { path: '^packages/backing-services/' },
    ),
    forbid(
      'csms-without-settlement',
      'Services meet in contracts, over messages and the queue.',
      { path: '^services/csms/' },
      { path: '^services/(?!csms/)' },
    ),
    forbid(
      'settlement-without-csms',
      'Services meet in contracts, over messages and the queue.',
      { path: '^services/settlement/' },
      { path: '^services/(?!settlement/)' },
    ),
    forbid(
      'chaincode-is-closed',
      'Every peer runs the contract: domain, contracts, fabric, hashes. Its server is around it, not in it.',
      { path: '^chaincode/src/(?!server/)' },
      {
        pathNot: `^chaincode/src/(?!server/)|^packages/(?:contracts|domain)/|${npm('fabric-.*', 'zod')}|^(?:node:)?(?:crypto|buffer)$`,
      },
    ),
    forbid(
      'chaincode-only-by-the-embedded-ledger',
      'The contract is reached through the ledger port.',
      {
        path: '^(?:services|packages|simulators|deploy)/',
        pathNot: `${SPEC}|^services/settlement/src/ledger/embedded-`,
      },
      { path: '^chaincode/' },
    ),
    forbid(
      'handlers-without-sockets',
      'A handler gets a pile id and a typed request, never a socket.',
      { path: '^services/csms/src/(?:handlers|sessions)/' },
      { path: `^services/csms/src/connection/|${npm('ws', 'ocpp-rpc')}` },
    ),
    forbid(
      'sockets-in-connection',
      'One folder knows sockets.',
      { path: '^services/', pathNot: `${SPEC}|^services/csms/src/connection/` },
      { path: npm('ws', 'ocpp-rpc') },
    ),
    forbid(
      'drivers-in-persistence',
      'One folder knows SQL.',
      { path: '^services/', pathNot: `${SPEC}|/src/persistence/` },
      { path: `^packages/backing-services/src/migrations|${npm('pg', 'kysely')}` },
    ),
    forbid(
      'fabric-in-ledger',
      'One set of files knows Fabric.',
      { path: '^(?:services|simulators|deploy)/', pathNot: `${SPEC}|^services/settlement/src/ledger/fabric-` },
      { path: npm('@hyperledger', '@grpc', 'fabric-.*') },
    ),
    forbid(
      'simulators-stay-outside',
      'Both sides would share a defect.',
      { path: '^simulators/' },
      { path: '^(?:services|chaincode|deploy)/' },
    ),
    forbid(
      'deploy-starts-processes',
      'Services are children, not imports.',
      { path: '^deploy/' },
      { path: '^(?:services|chaincode)/' },
    ),
    forbid(
      'nothing-imports-deploy',
      'A service does not know how it was started.',
      { path: '^(?:packages|services|chaincode)/' },
      { path: '^deploy/' },
    ),
    forbid(
      'sources-without-tests',
      'Sources never import what tests them.',
      { path: '^(?:packages|services|chaincode|simulators|deploy)/' },
      { path: `^test/|${SPEC}` },
    ),
    forbid(
      'no-own-barrel',
      'The export list is for other packages; inside, name the file.',
      { path: `${WORKSPACE}/src/` },
      { path: '^$1/src/index\\.ts$' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(?:^|/)(?:dist|fixtures|\\.data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
