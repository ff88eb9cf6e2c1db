import { readFileSync } from 'node:fs';
import fabric from 'fabric-contract-api';
import type { ChaincodeInterface } from 'fabric-shim';
import ChaincodeFromContract from 'fabric-shim/lib/contract-spi/chaincodefromcontract.js';
import ChaincodeServer, { type PeerStream } from 'fabric-shim/lib/server.js';
import { contracts } from '../contracts.js';
import { BulkPeers } from './bulk-peers.js';

/** Where a contract server listens, as whom, and with which keys. */
export interface ServerOptions {
  /** Id of the package by which the peers know this server. */
  readonly packageId: string;
  /** HOST:PORT */
  readonly address: string;
  readonly tlsKeyFile: string;
  readonly tlsCertificateFile: string;
  /** Authority of the peers' client certificates: nobody else may connect. */
  readonly clientAuthorityFile: string;
  /** `false`: one message per key, for comparison. */
  readonly bulk?: boolean;
}

const TITLE = 'tallywatt settlement';
const SERIALIZERS = { transaction: 'jsonSerializer', serializers: { jsonSerializer: fabric.JSONSerializer } };

class ContractServer extends ChaincodeServer {
  private readonly peers: BulkPeers;

  constructor(chaincode: ChaincodeInterface, options: ServerOptions, peers: BulkPeers) {
    super(chaincode, {
      ccid: options.packageId,
      address: options.address,
      tlsProps: {
        key: readFileSync(options.tlsKeyFile),
        cert: readFileSync(options.tlsCertificateFile),
        clientCACerts: readFileSync(options.clientAuthorityFile),
      },
    });
    this.peers = peers;
  }

  override connect(stream: PeerStream): void {
    this.peers.watch(stream);
    super.connect(stream);
  }
}

/** Serves the contract to an operator's peers over mutual TLS; resolves when it listens. It keeps no state: restart it at any time. */
export async function startContractServer(options: ServerOptions): Promise<void> {
  const contract = new ChaincodeFromContract([...contracts], SERIALIZERS, {}, TITLE, '1');
  const peers = new BulkPeers();
  const chaincode: ChaincodeInterface = {
    Init: (stub) => contract.Init(stub),
    Invoke: (stub) => {
      if (options.bulk ?? true) peers.equip(stub);
      return contract.Invoke(stub);
    },
  };
  await new ContractServer(chaincode, options, peers).start();
}
