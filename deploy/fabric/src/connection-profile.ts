import { join } from 'node:path';
import { CONTRACT_NAME } from './contract/contract-node.js';
import type { NetworkFolder } from './network-folder.js';
import type { Operator, Topology } from './topology.js';

/**
 * How settlement reaches this network (its fabric-profile.ts reads it): every organisation with its gateways and the
 * folder of its identities. Supervision has no peers, so the first operator's serve it.
 */
export function connectionProfile(topology: Topology, folder: NetworkFolder): object {
  const { channel, supervision, operators } = topology;
  const gateways = (operator: Operator | undefined): object[] =>
    operator === undefined
      ? []
      : operator.peers.map(({ name, host, port }) => ({
          address: `${host}:${port}`,
          tlsRootFile: folder.tlsCa(folder.operatorCrypto(operator), operator),
          tlsName: `${name}.${operator.domain}`,
        }));
  return {
    channel,
    contract: CONTRACT_NAME,
    organisations: [
      ...operators.map((operator) => ({
        mspId: operator.mspId,
        gateways: gateways(operator),
        identitiesFolder: join(folder.operatorCrypto(operator), 'identities'),
      })),
      {
        mspId: supervision.mspId,
        gateways: gateways(operators[0]),
        identitiesFolder: join(folder.supervisionCrypto(supervision), 'identities'),
      },
    ],
  };
}
