import type { CredentialsFile } from '@tallywatt/contracts';
import type { LedgerMode } from './options.js';

export interface Summary {
  readonly credentials: CredentialsFile;
  /** True when the tokens were made by this start: the only time that they are shown. */
  readonly issued: boolean;
  readonly credentialsFile: string;
  readonly sim: boolean;
  readonly ledger: LedgerMode;
}

function signIn({ credentials, issued }: Summary): string[] {
  const users = credentials.users.filter(({ role }) => role !== 'driver');
  if (!issued) return [];
  return [
    '',
    'One-time credentials (shown now only; stored hashed):',
    ...users.map(({ role, organisation, token }) => `  ${organisation.padEnd(12)} ${role.padEnd(10)} ${token}`),
  ];
}

/** The last lines of a start: where to look, and with what. */
export function summary(facts: Summary): string {
  const { api, ocpp, users } = facts.credentials;
  const supervisor = users.find(({ role }) => role === 'supervisor');
  return [
    '',
    facts.ledger === 'fabric'
      ? 'Tallywatt is running on a Fabric network of its own (development certificates).'
      : 'Tallywatt is running on a development ledger (no consensus).',
    `  Page     ${api}/${supervisor === undefined ? '' : `#token=${supervisor.token}`}`,
    `  API      ${api}/v1/   documented at ${api}/docs`,
    `  Piles    ${ocpp}/{chargePointId}   subprotocol ocpp1.6`,
    `  Tokens   ${facts.credentialsFile}`,
    ...signIn(facts),
    '',
    facts.sim
      ? 'Simulated piles are charging; the first bill comes within a minute. Ctrl-C ends everything.'
      : 'No simulated piles (--no-sim). Ctrl-C ends everything.',
  ].join('\n');
}
