/** Version of these rules, printed on statements. A formula change is a new version, never an edit. */
export const RULES_VERSION = 1;
/** Printed on every bill (rules.md "Charging fee"). */
export const ROUNDING_RULE =
  'fee = price[1e-4/kWh] × energy[Wh] / 100000, rounded half away from zero once per component and line; total = sum of fees';
