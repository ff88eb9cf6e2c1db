import type { ParametersAnswer } from '@tallywatt/contracts';
import { type Currency, DEFAULT_CURRENCY } from '../operations/money-view.js';
import { NetworkQueries, type OperatorRow } from '../operations/network-queries.js';
import type { Sql } from './database.js';

interface Row {
  readonly version: number;
  readonly alpha_e6: string;
  readonly beta_e6: string;
  readonly sigma_e6: string;
  readonly max_level: number;
  readonly max_rating: number;
  readonly threshold_minor: string;
  readonly min_credit_e6: string;
  readonly currency: string;
  readonly currency_decimals: number;
  readonly endorsement_range_blocks: number;
  readonly endorsement_quorum: number;
}

export class PgNetworkQueries extends NetworkQueries {
  private known: Currency | undefined;

  constructor(private readonly sql: Sql) {
    super();
  }

  override operators(): Promise<OperatorRow[]> {
    return this.sql.rows<OperatorRow>(
      'select operator_id as "operatorId", name from settlement.operator order by operator_id',
    );
  }

  override async operator(operatorId: string): Promise<OperatorRow | undefined> {
    const [row] = await this.sql.rows<OperatorRow>(
      'select operator_id as "operatorId", name from settlement.operator where operator_id = $1',
      [operatorId],
    );
    return row;
  }

  override async parameters(): Promise<ParametersAnswer | undefined> {
    const [row] = await this.sql.rows<Row>('select * from settlement.parameters order by version desc limit 1');
    return row === undefined ? undefined : parametersOf(row);
  }

  override async currency(): Promise<Currency> {
    if (this.known === undefined) {
      const parameters = await this.parameters();
      if (parameters === undefined) return DEFAULT_CURRENCY;
      this.known = { code: parameters.currency, decimals: parameters.currencyDecimals };
    }
    return this.known;
  }
}

function parametersOf(row: Row): ParametersAnswer {
  return {
    version: row.version,
    alphaE6: row.alpha_e6,
    betaE6: row.beta_e6,
    sigmaE6: row.sigma_e6,
    maxLevel: row.max_level,
    maxRating: row.max_rating,
    thresholdMinor: row.threshold_minor,
    minCreditE6: row.min_credit_e6,
    currency: row.currency,
    currencyDecimals: row.currency_decimals,
    endorsementRangeBlocks: row.endorsement_range_blocks,
    endorsementQuorum: row.endorsement_quorum,
  };
}
