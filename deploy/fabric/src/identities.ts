import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLER_ROLES, SUPERVISION, type CallerRole } from '@tallywatt/contracts';
import { issueClient, readAuthority } from './certificates.js';
import type { NetworkFolder } from './network-folder.js';
import type { Organisation, Topology } from './topology.js';

/** What an organisation's people and services may be; drivers get theirs one by one. */
function rolesOf(mspId: string): readonly CallerRole[] {
  const own: readonly CallerRole[] =
    mspId === SUPERVISION ? ['supervisor', 'auditor'] : ['settler', 'treasurer', 'operator'];
  return CALLER_ROLES.filter((role) => own.includes(role));
}

/** MSP folder of one identity: certificate, key, and the organisation's authority. */
export function identityFolder(organisationCrypto: string, role: string): string {
  return join(organisationCrypto, 'identities', role);
}

/**
 * Issues, for tests and development, one identity per role and organisation, with the role in the certificate as
 * fabric-ca would write it. What exists is kept.
 */
export async function ensureIdentities(topology: Topology, folder: NetworkFolder, nowMs: number): Promise<void> {
  const { supervision, operators } = topology;
  await issueRoles(supervision, folder.supervisionCrypto(supervision), nowMs);
  for (const operator of operators) await issueRoles(operator, folder.operatorCrypto(operator), nowMs);
}

async function issueRoles({ mspId, domain }: Organisation, crypto: string, nowMs: number): Promise<void> {
  const authority = readAuthority(crypto, 'ca');
  for (const role of rolesOf(mspId)) {
    const folder = identityFolder(crypto, role);
    if (existsSync(join(folder, 'signcerts', 'cert.pem'))) continue;
    const { certificate, key } = await issueClient(authority, `${role}@${domain}`, { role }, nowMs);
    for (const part of ['keystore', 'cacerts', 'signcerts']) {
      mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
    }
    const authorityFolder = join(crypto, 'msp', 'cacerts');
    for (const file of readdirSync(authorityFolder)) {
      copyFileSync(join(authorityFolder, file), join(folder, 'cacerts', file));
    }
    copyFileSync(join(crypto, 'msp', 'config.yaml'), join(folder, 'config.yaml'));
    writeFileSync(join(folder, 'keystore', 'key.pem'), key, { mode: 0o600 });
    writeFileSync(join(folder, 'signcerts', 'cert.pem'), certificate);
  }
}
