import { Returns, Transaction } from './fabric-runtime.js';
import { answer, LedgerContract } from './ledger-contract.js';
import { LedgerContext } from './ledger-context.js';
import { foldAccount, payOut } from './station-money.js';
import { getStation, registerStation } from './stations.js';
import { publishTariff } from './tariffs.js';

/** Stations, their tariffs and their money: run by the station's operator. */
export class StationsContract extends LedgerContract {
  constructor() {
    super('stations');
  }

  @Transaction()
  @Returns('string')
  async RegisterStation(context: LedgerContext, args: string): Promise<string> {
    return answer('RegisterStation', args, (input) => registerStation(context, input));
  }

  @Transaction()
  @Returns('string')
  async PublishTariff(context: LedgerContext, args: string): Promise<string> {
    return answer('PublishTariff', args, (input) => publishTariff(context, input));
  }

  @Transaction()
  @Returns('string')
  async FoldAccount(context: LedgerContext, args: string): Promise<string> {
    return answer('FoldAccount', args, (input) => foldAccount(context, input));
  }

  @Transaction()
  @Returns('string')
  async PayOut(context: LedgerContext, args: string): Promise<string> {
    return answer('PayOut', args, (input) => payOut(context, input));
  }

  @Transaction(false)
  @Returns('string')
  async GetStation(context: LedgerContext, args: string): Promise<string> {
    return answer('GetStation', args, ({ stationId }) => getStation(context, stationId));
  }
}
