import { AccountsContract } from './accounts.contract.js';
import { EvaluationContract } from './evaluation.contract.js';
import { GovernanceContract } from './governance.contract.js';
import { SettlementContract } from './settlement.contract.js';
import { StationsContract } from './stations.contract.js';

/** Every contract of the chaincode, in the order in which fabric-shim registers them. */
export const contracts = [
  SettlementContract,
  AccountsContract,
  StationsContract,
  EvaluationContract,
  GovernanceContract,
] as const;
