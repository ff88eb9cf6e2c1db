import { SUPERVISION } from '@tallywatt/contracts';
import type { NetworkApi } from './network-api.js';
import { OPERATORS } from './operators.js';
import { timeOfUseTariff } from './tariffs.js';

/** rules.md: α = 10, β = 0.5, σ = 1, threshold 0, R_min 0; 3 of 4 operators attest endorsements. */
const PARAMETERS = {
  alphaE6: '10000000',
  betaE6: '500000',
  sigmaE6: '1000000',
  thresholdMinor: '0',
  minCreditE6: '0',
  endorsementRangeBlocks: 100,
  endorsementQuorum: 3,
};

/** The consortium as every start finds it: parameters, four operators, their tariffs. Safe to repeat. */
export async function seedNetwork(api: NetworkApi): Promise<void> {
  const supervision = { role: 'supervisor', organisation: SUPERVISION };
  // Each write is a new version, and a version that supervision set later must survive a restart.
  if (!(await api.exists('/v1/parameters', supervision)))
    await api.ensure('PUT', '/v1/parameters', supervision, PARAMETERS);
  for (const operator of OPERATORS) {
    await api.ensure('POST', '/v1/operators', supervision, { operatorId: operator.operatorId, name: operator.name });
    const staff = { role: 'operator', organisation: operator.operatorId };
    await api.ensure('POST', '/v1/tariffs', staff, timeOfUseTariff(operator));
  }
}
