/** The paper's consortium (table 1) with the prices of table 2, in 1e-4 yuan per kWh. */
export interface Operator {
  readonly operatorId: string;
  readonly name: string;
  readonly electricityPriceE4: number;
  readonly servicePriceE4: number;
}

export const OPERATORS: readonly Operator[] = [
  { operatorId: 'TELD', name: 'TELD', electricityPriceE4: 14_100, servicePriceE4: 6_000 },
  { operatorId: 'STAR', name: 'Star Charge', electricityPriceE4: 12_000, servicePriceE4: 5_000 },
  { operatorId: 'PTNE', name: 'PTNE', electricityPriceE4: 12_000, servicePriceE4: 10_000 },
  { operatorId: 'SG', name: 'Smart Grid', electricityPriceE4: 10_000, servicePriceE4: 6_800 },
];
