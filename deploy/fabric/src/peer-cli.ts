import { join } from 'node:path';
import { toolEnvironment } from './config/environment.js';
import type { NetworkFolder } from './network-folder.js';
import { runTool } from './run-tool.js';
import type { Operator, Orderer, Peer, Topology } from './topology.js';

/** What the `peer` command needs to act for an operator on one of its peers. */
export class PeerCli {
  constructor(
    private readonly program: string,
    private readonly topology: Topology,
    private readonly folder: NetworkFolder,
  ) {}

  /** As the operator's admin. Commands that are ordered also take {@link ordering}. */
  asAdmin(operator: Operator, peer: Peer, args: readonly string[]): Promise<string> {
    return this.as(operator, peer, this.folder.adminMsp(this.folder.operatorCrypto(operator), operator), args);
  }

  /** As whoever the MSP folder holds. */
  as(operator: Operator, peer: Peer, mspFolder: string, args: readonly string[]): Promise<string> {
    const env = {
      ...toolEnvironment(),
      FABRIC_CFG_PATH: this.folder.config,
      FABRIC_LOGGING_SPEC: 'ERROR',
      CORE_PEER_LOCALMSPID: operator.mspId,
      CORE_PEER_MSPCONFIGPATH: mspFolder,
      CORE_PEER_ADDRESS: `${peer.host}:${peer.port}`,
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_TLS_ROOTCERT_FILE: this.tlsRoot(operator),
    };
    return runTool(this.program, args, { env });
  }

  /** Flags that name an orderer. */
  ordering(orderer: Orderer | undefined = this.topology.supervision.orderers[0]): string[] {
    if (orderer === undefined) throw new Error('a topology without orderers');
    const { supervision } = this.topology;
    const root = this.folder.tlsCa(this.folder.supervisionCrypto(supervision), supervision);
    return ['-o', `${orderer.host}:${orderer.port}`, '--tls', '--cafile', root];
  }

  /** Flags that name one peer of each operator, for transactions that several must endorse. */
  endorsing(operators: readonly Operator[]): string[] {
    return operators.flatMap((operator) =>
      operator.peers
        .slice(0, 1)
        .flatMap(({ host, port }) => [
          '--peerAddresses',
          `${host}:${port}`,
          '--tlsRootCertFiles',
          this.tlsRoot(operator),
        ]),
    );
  }

  private tlsRoot(operator: Operator): string {
    return join(this.folder.tlsCa(this.folder.operatorCrypto(operator), operator));
  }
}
