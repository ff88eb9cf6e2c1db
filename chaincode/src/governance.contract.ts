import { Returns, Transaction } from './fabric-runtime.js';
import { anchor, registerOperator } from './governance.js';
import { answer, LedgerContract } from './ledger-contract.js';
import { LedgerContext } from './ledger-context.js';
import { currentParameters, parametersAnswer, setParameters } from './parameters.js';
import { supply } from './supply.js';

/** Admission, parameters and audit. */
export class GovernanceContract extends LedgerContract {
  constructor() {
    super('governance');
  }

  @Transaction()
  @Returns('string')
  async RegisterOperator(context: LedgerContext, args: string): Promise<string> {
    return answer('RegisterOperator', args, (input) => registerOperator(context, input));
  }

  @Transaction()
  @Returns('string')
  async SetParameters(context: LedgerContext, args: string): Promise<string> {
    return answer('SetParameters', args, (input) => setParameters(context, input));
  }

  @Transaction()
  @Returns('string')
  async Anchor(context: LedgerContext, args: string): Promise<string> {
    return answer('Anchor', args, (input) => anchor(context, input));
  }

  @Transaction(false)
  @Returns('string')
  async GetParameters(context: LedgerContext, args: string): Promise<string> {
    return answer('GetParameters', args, async () => parametersAnswer(await currentParameters(context.state)));
  }

  @Transaction(false)
  @Returns('string')
  async Supply(context: LedgerContext, args: string): Promise<string> {
    return answer('Supply', args, () => supply(context.state));
  }
}
