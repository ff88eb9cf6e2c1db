import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { issueTls, readAuthority } from '../certificates.js';
import type { NetworkFolder } from '../network-folder.js';
import type { NodePlan } from '../supervisor/plan.js';
import type { Operator } from '../topology.js';
import { packContract } from './contract-package.js';

/** Name of the contract on the channel. */
export const CONTRACT_NAME = 'settlement';
export const CONTRACT_VERSION = '1';

/** An operator's contract server, ready to be installed and started. */
export interface ContractNode {
  readonly packageId: string;
  readonly packageFile: string;
  readonly plan: NodePlan;
}

const ISSUED = z.strictObject({ certificate: z.string(), key: z.string() });
const SECRETS = z.strictObject({ server: ISSUED, client: ISSUED });
type Secrets = z.infer<typeof SECRETS>;

/** Keys are made once: another key would be another package id. */
async function ensureSecrets(operator: Operator, folder: NetworkFolder, nowMs: number): Promise<Secrets> {
  const file = join(folder.packages, `${operator.mspId}.keys.json`);
  if (existsSync(file)) return SECRETS.parse(JSON.parse(readFileSync(file, 'utf8')));
  const authority = readAuthority(folder.operatorCrypto(operator), 'tlsca');
  const hosts = [...new Set([operator.contract.host, 'localhost', '127.0.0.1'])];
  const secrets = {
    server: await issueTls(authority, `contract.${operator.domain}`, hosts, nowMs),
    client: await issueTls(authority, `peers.${operator.domain}`, hosts, nowMs),
  };
  mkdirSync(folder.packages, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** Packs an operator's contract connection and plans its server; `script` is the compiled contract server. */
export async function prepareContract(
  operator: Operator,
  folder: NetworkFolder,
  script: string,
  nowMs: number,
): Promise<ContractNode> {
  const { server, client } = await ensureSecrets(operator, folder, nowMs);
  const rootFile = folder.tlsCa(folder.operatorCrypto(operator), operator);
  const address = `${operator.contract.host}:${operator.contract.port}`;
  const { id, bytes } = await packContract(`${CONTRACT_NAME}_${CONTRACT_VERSION}`, {
    address,
    clientKey: client.key,
    clientCertificate: client.certificate,
    rootCertificate: readFileSync(rootFile, 'utf8'),
  });
  const at = (name: string): string => join(folder.packages, `${operator.mspId}.${name}`);
  writeFileSync(at('tgz'), bytes, { mode: 0o600 });
  writeFileSync(at('crt'), server.certificate);
  writeFileSync(at('key'), server.key, { mode: 0o600 });
  const name = `contract-${operator.mspId.toLowerCase()}`;
  const tls = ['--tls-key', at('key'), '--tls-cert', at('crt'), '--client-ca', rootFile];
  return {
    packageId: id,
    packageFile: at('tgz'),
    plan: {
      name,
      program: process.execPath,
      args: [script, '--package-id', id, '--address', address, ...tls],
      env: { NODE_ENV: 'production' },
      logFile: join(folder.logs, `${name}.log`),
    },
  };
}
