import { join } from 'node:path';
import type { NetworkFolder } from './network-folder.js';
import type { Operator, Peer } from './topology.js';

/** Name under which peers know the builder of `builder/`. */
const BUILDER = 'tallywatt-contract-server';

/** Environment of a peer; what is not here has the default of core.yaml. */
export function peerEnvironment(
  operator: Operator,
  peer: Peer,
  folder: NetworkFolder,
  builderFolder: string,
): Record<string, string> {
  const crypto = folder.peerCrypto(operator, peer);
  const tls = (file: string): string => join(crypto, 'tls', file);
  const address = `${peer.host}:${peer.port}`;
  const neighbour = operator.peers.find(({ name }) => name !== peer.name) ?? peer;
  return {
    FABRIC_CFG_PATH: folder.config,
    FABRIC_LOGGING_SPEC: 'WARN',
    CORE_PEER_ID: `${peer.name}.${operator.domain}`,
    CORE_PEER_LOCALMSPID: operator.mspId,
    CORE_PEER_MSPCONFIGPATH: join(crypto, 'msp'),
    CORE_PEER_ADDRESS: address,
    CORE_PEER_LISTENADDRESS: address,
    CORE_PEER_CHAINCODELISTENADDRESS: `${peer.host}:${peer.chaincodePort}`,
    CORE_PEER_GOSSIP_BOOTSTRAP: `${neighbour.host}:${neighbour.port}`,
    CORE_PEER_GOSSIP_EXTERNALENDPOINT: address,
    // The default of 25 s is the famous wait for "no combination of peers" (ledger.md).
    CORE_PEER_GOSSIP_RECONNECTINTERVAL: '2s',
    // Peers fed by a frozen orderer change to another one after it, instead of after 30 s (ledger.md).
    CORE_PEER_DELIVERYCLIENT_BLOCKCENSORSHIPTIMEOUTKEY: '5s',
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_CERT_FILE: tls('server.crt'),
    CORE_PEER_TLS_KEY_FILE: tls('server.key'),
    CORE_PEER_TLS_ROOTCERT_FILE: tls('ca.crt'),
    CORE_PEER_FILESYSTEMPATH: join(folder.node(peer.name), 'data'),
    CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(folder.node(peer.name), 'snapshots'),
    CORE_LEDGER_HISTORY_ENABLEHISTORYDATABASE: 'false',
    CORE_OPERATIONS_LISTENADDRESS: `${peer.host}:${peer.operationsPort}`,
    CORE_METRICS_PROVIDER: 'prometheus',
    // No Docker: contracts are servers of their own.
    CORE_VM_ENDPOINT: '',
    CORE_CHAINCODE_EXTERNALBUILDERS: `[{name: ${BUILDER}, path: ${builderFolder}}]`,
    // fabric-shim 2.5.8 exits on KEEPALIVE.
    CORE_CHAINCODE_KEEPALIVE: '0',
    GOGC: '200',
    GOMEMLIMIT: '400MiB',
  };
}
