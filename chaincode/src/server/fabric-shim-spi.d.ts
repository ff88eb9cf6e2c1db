// What fabric-shim's own command uses and its types leave out; the version is pinned (ledger.md).
declare module 'fabric-shim/lib/contract-spi/chaincodefromcontract.js' {
  import type { ChaincodeInterface } from 'fabric-shim';
  /** Turns contract classes into a chaincode. */
  export default class ChaincodeFromContract implements ChaincodeInterface {
    constructor(contracts: readonly unknown[], serializers: object, metadata: object, title: string, version: string);
    Init: ChaincodeInterface['Init'];
    Invoke: ChaincodeInterface['Invoke'];
  }
}

declare module 'fabric-shim/lib/server.js' {
  import type { ChaincodeInterface, ChaincodeServerOpts } from 'fabric-shim';
  import type { peer } from '@hyperledger/fabric-protos';
  import type { EventEmitter } from 'node:events';

  /** The conversation with one peer. */
  export interface PeerStream extends EventEmitter {
    on(event: 'data', listener: (message: peer.ChaincodeMessage) => void): this;
  }
  export default class ChaincodeServer {
    constructor(chaincode: ChaincodeInterface, options: ChaincodeServerOpts);
    start(): Promise<void>;
    connect(stream: PeerStream): void;
  }
}
