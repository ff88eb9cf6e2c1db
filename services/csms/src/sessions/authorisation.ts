/** What a driver's standing allows; a closed word of OCPP 1.6 (`ConcurrentTx` is decided by StartTransaction alone). */
export type Authorised = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid';

/** Standing of an idTag, from the local projection of the ledger: an unreachable ledger does not stop charging. */
export abstract class Authorisation {
  abstract authorize(idTag: string): Promise<Authorised>;
}
