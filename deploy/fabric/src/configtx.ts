import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkFolder } from './network-folder.js';
import { runTool } from './run-tool.js';
import type { Topology } from './topology.js';

/** Blocks are cut by the leader's interval, not by BatchTimeout; below 200 ms a transaction costs twice (ledger.md). */
export const BLOCK_INTERVAL = '300ms';
/** Tuned as measured in ledger.md: 4.6 s without commits when the leader dies, instead of 43 s. Complain never below 3 s. */
export const BFT_TIMEOUTS = {
  RequestForwardTimeout: '1s',
  RequestComplainTimeout: '3s',
  ViewChangeResendInterval: '2s',
  ViewChangeTimeout: '6s',
  LeaderHeartbeatTimeout: '8s',
} as const;
/** A pooled request vanishes silently after it; the worker submits again long before (ledger.md). */
const REQUEST_AUTO_REMOVE = '3m0s';
const BLOCK_TRANSACTIONS_MAX = 500;
const PROFILE = 'Consortium';

type Policy = { readonly Type: 'Signature' | 'ImplicitMeta'; readonly Rule: string };

const signature = (rule: string): Policy => ({ Type: 'Signature', Rule: rule });
const implicit = (rule: string): Policy => ({ Type: 'ImplicitMeta', Rule: rule });
const CHANNEL_POLICIES = {
  Readers: implicit('ANY Readers'),
  Writers: implicit('ANY Writers'),
  Admins: implicit('MAJORITY Admins'),
};

function organisationPolicies(mspId: string): Readonly<Record<string, Policy>> {
  return {
    Readers: signature(`OR('${mspId}.member')`),
    Writers: signature(`OR('${mspId}.member')`),
    Admins: signature(`OR('${mspId}.admin')`),
    Endorsement: signature(`OR('${mspId}.peer')`),
  };
}

/** `OutOf(3, 'TELD.peer', …)`: so many operators endorse, whoever they are. Supervision has no peer and no say. */
export function endorsementPolicy({ endorsingOperators, operators }: Topology): string {
  return `OutOf(${endorsingOperators}, ${operators.map(({ mspId }) => `'${mspId}.peer'`).join(', ')})`;
}

/** The channel's first configuration; JSON is YAML. */
export function channelConfig(topology: Topology, folder: NetworkFolder): object {
  const { supervision, operators } = topology;
  const supervisionOrganisation = {
    Name: supervision.mspId,
    ID: supervision.mspId,
    MSPDir: join(folder.supervisionCrypto(supervision), 'msp'),
    Policies: organisationPolicies(supervision.mspId),
    OrdererEndpoints: supervision.orderers.map(({ host, port }) => `${host}:${port}`),
  };
  const operatorOrganisations = operators.map((operator) => ({
    Name: operator.mspId,
    ID: operator.mspId,
    MSPDir: join(folder.operatorCrypto(operator), 'msp'),
    Policies: organisationPolicies(operator.mspId),
    AnchorPeers: operator.peers.slice(0, 1).map(({ host, port }) => ({ Host: host, Port: port })),
  }));
  return {
    Profiles: {
      [PROFILE]: {
        Policies: CHANNEL_POLICIES,
        Capabilities: { V3_0: true },
        Orderer: {
          ...ordererGroup(topology, folder),
          Organizations: [supervisionOrganisation],
        },
        Application: {
          // Supervision owns no peer, yet its people call the contract: parameters and admission are theirs.
          Organizations: [supervisionOrganisation, ...operatorOrganisations],
          Policies: {
            ...CHANNEL_POLICIES,
            LifecycleEndorsement: signature(endorsementPolicy(topology)),
            Endorsement: signature(endorsementPolicy(topology)),
          },
          Capabilities: { V2_5: true },
        },
      },
    },
  };
}

function ordererGroup({ supervision }: Topology, folder: NetworkFolder): object {
  return {
    OrdererType: 'BFT',
    Policies: { ...CHANNEL_POLICIES, BlockValidation: implicit('ANY Writers') },
    Capabilities: { V2_0: true },
    BatchTimeout: '2s',
    BatchSize: {
      MaxMessageCount: BLOCK_TRANSACTIONS_MAX,
      AbsoluteMaxBytes: '10 MB',
      PreferredMaxBytes: '2 MB',
    },
    SmartBFT: {
      RequestBatchMaxInterval: BLOCK_INTERVAL,
      ...BFT_TIMEOUTS,
      RequestAutoRemoveTimeout: REQUEST_AUTO_REMOVE,
      CollectTimeout: '1s',
      IncomingMessageBufferSize: 200,
      RequestPoolSize: 100_000,
      LeaderHeartbeatCount: 10,
    },
    ConsenterMapping: supervision.orderers.map((orderer, index) => {
      const crypto = folder.ordererCrypto(supervision, orderer);
      const tls = join(crypto, 'tls', 'server.crt');
      return {
        ID: index + 1,
        Host: orderer.host,
        Port: orderer.port,
        MSPID: supervision.mspId,
        Identity: join(crypto, 'msp', 'signcerts', `${orderer.name}.${supervision.domain}-cert.pem`),
        ClientTLSCert: tls,
        ServerTLSCert: tls,
      };
    }),
  };
}

/** Makes the channel's genesis block once. */
export async function ensureGenesis(topology: Topology, folder: NetworkFolder, configtxgen: string): Promise<void> {
  if (existsSync(folder.genesisBlock)) return;
  writeFileSync(join(folder.config, 'configtx.yaml'), JSON.stringify(channelConfig(topology, folder), null, 2));
  const args = ['-profile', PROFILE, '-channelID', topology.channel, '-outputBlock', folder.genesisBlock];
  await runTool(configtxgen, [...args, '-configPath', folder.config]);
}
