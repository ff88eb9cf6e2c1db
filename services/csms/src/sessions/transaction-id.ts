import { randomInt } from 'node:crypto';

/** Largest OCPP 1.6 transactionId that every charger can hold. */
export const TRANSACTION_ID_MAX = 0x7fff_ffff;

/** Draws transaction ids: not guessable from another pile's; uniqueness is the database's, a taken one is drawn again. */
export abstract class TransactionIds {
  /** 1 … {@link TRANSACTION_ID_MAX} */
  abstract draw(): number;
}

export class RandomTransactionIds extends TransactionIds {
  override draw(): number {
    return randomInt(1, TRANSACTION_ID_MAX + 1);
  }
}
