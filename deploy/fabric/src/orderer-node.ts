import { join } from 'node:path';
import type { NetworkFolder } from './network-folder.js';
import type { Orderer, Topology } from './topology.js';

/** Environment of an orderer; what is not here has the default of orderer.yaml. */
export function ordererEnvironment(
  topology: Topology,
  folder: NetworkFolder,
  orderer: Orderer,
): Record<string, string> {
  const { supervision } = topology;
  const crypto = folder.ordererCrypto(supervision, orderer);
  const tls = (file: string): string => join(crypto, 'tls', file);
  const data = folder.node(orderer.name);
  return {
    FABRIC_CFG_PATH: folder.config,
    // Its broadcast logger writes 2,600 useless lines a minute (ledger.md).
    FABRIC_LOGGING_SPEC: 'WARN:orderer.common.broadcast=ERROR',
    ORDERER_GENERAL_LISTENADDRESS: orderer.host,
    ORDERER_GENERAL_LISTENPORT: String(orderer.port),
    ORDERER_GENERAL_LOCALMSPID: supervision.mspId,
    ORDERER_GENERAL_LOCALMSPDIR: join(crypto, 'msp'),
    ORDERER_GENERAL_TLS_ENABLED: 'true',
    ORDERER_GENERAL_TLS_PRIVATEKEY: tls('server.key'),
    ORDERER_GENERAL_TLS_CERTIFICATE: tls('server.crt'),
    ORDERER_GENERAL_TLS_ROOTCAS: `[${folder.tlsCas(topology).join(',')}]`,
    ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE: tls('server.crt'),
    ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY: tls('server.key'),
    ORDERER_GENERAL_CLUSTER_ROOTCAS: `[${tls('ca.crt')}]`,
    ORDERER_GENERAL_BOOTSTRAPMETHOD: 'none',
    ORDERER_CHANNELPARTICIPATION_ENABLED: 'true',
    ORDERER_ADMIN_LISTENADDRESS: `${orderer.host}:${orderer.adminPort}`,
    ORDERER_ADMIN_TLS_ENABLED: 'true',
    ORDERER_ADMIN_TLS_PRIVATEKEY: tls('server.key'),
    ORDERER_ADMIN_TLS_CERTIFICATE: tls('server.crt'),
    ORDERER_ADMIN_TLS_ROOTCAS: `[${tls('ca.crt')}]`,
    ORDERER_ADMIN_TLS_CLIENTAUTHREQUIRED: 'true',
    ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${tls('ca.crt')}]`,
    ORDERER_OPERATIONS_LISTENADDRESS: `${orderer.host}:${orderer.operationsPort}`,
    ORDERER_METRICS_PROVIDER: 'prometheus',
    ORDERER_FILELEDGER_LOCATION: join(data, 'ledger'),
    ORDERER_CONSENSUS_WALDIR: join(data, 'wal'),
    ORDERER_CONSENSUS_SNAPDIR: join(data, 'snapshots'),
    GOGC: '200',
    GOMEMLIMIT: '250MiB',
  };
}
