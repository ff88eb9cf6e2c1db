import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Organisation, Orderer, Peer, Supervision, Topology } from './topology.js';

/** Where everything of one network lies; nothing of it outside. */
export class NetworkFolder {
  constructor(readonly root: string) {}

  /** One folder per profile: `small` and `full` are two networks. */
  static of(dataFolder: string, profile: string): NetworkFolder {
    const folder = new NetworkFolder(join(dataFolder, 'fabric', profile));
    mkdirSync(folder.root, { recursive: true, mode: 0o700 });
    return folder;
  }

  get crypto(): string {
    return join(this.root, 'crypto');
  }
  /** configtx, core and orderer defaults: what FABRIC_CFG_PATH points to. */
  get config(): string {
    return join(this.root, 'config');
  }
  /** What settlement is told of this network. */
  get connectionProfile(): string {
    return join(this.root, 'connection.json');
  }
  get genesisBlock(): string {
    return join(this.root, 'genesis.block');
  }
  /** What its supervisor is told. */
  get run(): string {
    return join(this.root, 'run');
  }
  get logs(): string {
    return join(this.root, 'logs');
  }
  get packages(): string {
    return join(this.root, 'packages');
  }
  /** Ledgers and write-ahead logs of one node. */
  node(name: string): string {
    return join(this.root, 'nodes', name);
  }

  supervisionCrypto({ domain }: Organisation): string {
    return join(this.crypto, 'ordererOrganizations', domain);
  }
  operatorCrypto({ domain }: Organisation): string {
    return join(this.crypto, 'peerOrganizations', domain);
  }
  ordererCrypto(supervision: Supervision, { name }: Orderer): string {
    return join(this.supervisionCrypto(supervision), 'orderers', `${name}.${supervision.domain}`);
  }
  peerCrypto(operator: Organisation, { name }: Peer): string {
    return join(this.operatorCrypto(operator), 'peers', `${name}.${operator.domain}`);
  }
  adminMsp(organisationCrypto: string, { domain }: Organisation): string {
    return join(organisationCrypto, 'users', `Admin@${domain}`, 'msp');
  }
  /** Certificate of the organisation's TLS authority. */
  tlsCa(organisationCrypto: string, { domain }: Organisation): string {
    return join(organisationCrypto, 'tlsca', `tlsca.${domain}-cert.pem`);
  }

  /** TLS authority of every organisation that serves clients. */
  tlsCas({ supervision, operators }: Topology): string[] {
    return [
      this.tlsCa(this.supervisionCrypto(supervision), supervision),
      ...operators.map((operator) => this.tlsCa(this.operatorCrypto(operator), operator)),
    ];
  }
}
