export { CONTRACT_NAME } from './contract/contract-node.js';
export { FabricFault } from './fault.js';
export { identityFolder } from './identities.js';
export { Network } from './network.js';
export { NetworkFolder } from './network-folder.js';
export type { PeerCli } from './peer-cli.js';
export { readTopology, type Operator, type Topology } from './topology.js';
