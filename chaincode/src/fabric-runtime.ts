// The order of these imports is the point: listeners are noted, fabric loads, the added ones go.
import { removeAddedFaultListeners } from './process-listeners.js';
import fabric from 'fabric-contract-api';
import fabricLogger from 'fabric-contract-api/lib/logger.js';

removeAddedFaultListeners();
// Its decorators write a line per method while the classes load; a peer that wants them sets the level afterwards.
fabricLogger.setLevel('ERROR');

/** fabric-contract-api is CommonJS: its names exist only on the default import. */
export const Contract = fabric.Contract;
export const Context = fabric.Context;
export const Transaction = fabric.Transaction;
export const Returns = fabric.Returns;
