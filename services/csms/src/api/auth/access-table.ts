import type { Role } from '@tallywatt/contracts';

/** `public` routes show nothing of any organisation. */
export type Access = 'public' | readonly Role[];

const EVERYONE: Access = ['operator', 'finance', 'driver', 'supervisor'];
const STAFF: Access = ['operator', 'finance', 'supervisor'];
const OPERATOR: Access = ['operator'];
const FINANCE: Access = ['finance'];
const SUPERVISOR: Access = ['supervisor'];
const DRIVER: Access = ['driver'];
/**
 * Route → roles, deny by default: a handler without a row refuses to start, a row without a handler fails a test.
 * Which objects a role sees within a route is the scope's matter (`scope.ts`, and settlement for its operations).
 */
export const ACCESS_TABLE: ReadonlyMap<string, Access> = new Map<string, Access>([
  ['GET /', 'public'],
  ['GET /app.js', 'public'],
  ['GET /elements.js', 'public'],
  ['GET /style.css', 'public'],
  ['GET /health/live', 'public'],
  ['GET /health/ready', 'public'],
  ['GET /metrics', 'public'],

  ['GET /v1/me', EVERYONE],
  ['GET /v1/charge-points', STAFF],
  ['POST /v1/charge-points', OPERATOR],
  ['GET /v1/charge-points/:id', STAFF],
  ['PATCH /v1/charge-points/:id', OPERATOR],
  ['POST /v1/charge-points/:id/password', OPERATOR],
  ['POST /v1/charge-points/:id/commands', OPERATOR],
  ['GET /v1/commands/:id', ['operator', 'supervisor']],
  ['GET /v1/pending-charge-points', OPERATOR],
  ['POST /v1/pending-charge-points/:id/accept', OPERATOR],

  ['GET /v1/sessions', EVERYONE],
  ['GET /v1/sessions/:id', EVERYONE],
  ['GET /v1/sessions/:id/meter-values', EVERYONE],
  ['GET /v1/sessions/:id/frames', EVERYONE],
  ['GET /v1/sessions/:id/trail', EVERYONE],
  ['GET /v1/events', EVERYONE],

  ['GET /v1/accounts', STAFF],
  ['POST /v1/accounts', OPERATOR],
  ['GET /v1/accounts/:evId', EVERYONE],
  ['PATCH /v1/accounts/:evId', OPERATOR],
  ['GET /v1/accounts/:evId/id-tags', ['operator', 'finance', 'supervisor', 'driver']],
  ['POST /v1/accounts/:evId/id-tags', OPERATOR],
  ['POST /v1/accounts/:evId/deposits', FINANCE],
  ['GET /v1/id-tags/:idTag', STAFF],
  ['POST /v1/refunds', FINANCE],
  ['POST /v1/stations/:id/payouts', FINANCE],
  ['POST /v1/credit-notes', FINANCE],

  ['GET /v1/stations', EVERYONE],
  ['POST /v1/stations', OPERATOR],
  ['GET /v1/stations/recommended', EVERYONE],
  ['GET /v1/stations/:id', EVERYONE],
  ['GET /v1/tariffs', EVERYONE],
  ['POST /v1/tariffs', OPERATOR],
  ['GET /v1/operators', EVERYONE],
  ['POST /v1/operators', SUPERVISOR],
  ['GET /v1/parameters', EVERYONE],
  ['PUT /v1/parameters', SUPERVISOR],

  ['GET /v1/bills', EVERYONE],
  ['GET /v1/bills/:id', EVERYONE],
  ['GET /v1/bills/:id/verify', EVERYONE],
  ['POST /v1/ratings', DRIVER],

  ['GET /v1/settlements', STAFF],
  ['POST /v1/settlements/:id/retry', FINANCE],
  ['POST /v1/settlements/:id/decision', FINANCE],
  ['POST /v1/reconciliations', ['finance', 'supervisor']],
  ['GET /v1/reconciliations/:id', ['finance', 'supervisor']],
  ['GET /v1/reconciliations/:id/breaks', ['finance', 'supervisor']],
  ['PATCH /v1/breaks/:id', FINANCE],

  ['GET /v1/ledger', EVERYONE],
  ['GET /v1/ledger/supply', EVERYONE],
  ['GET /v1/ledger/blocks/:number', STAFF],
  ['GET /v1/ledger/tx/:txId', STAFF],
  ['GET /v1/audit', STAFF],
]);
