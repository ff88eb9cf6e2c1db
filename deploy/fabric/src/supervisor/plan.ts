import { z } from 'zod';

/** One process of a network, as its supervisor starts it. */
const NODE = z.strictObject({
  name: z.string(),
  program: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  logFile: z.string(),
});
export type NodePlan = Readonly<z.infer<typeof NODE>>;

/** Everything that a supervisor has to know; written by `up`. */
export const PLAN = z.strictObject({ network: z.string(), nodes: z.array(NODE) });
export type Plan = Readonly<z.infer<typeof PLAN>>;

/** Variable that marks a process as one of a network's; its value is the network's folder. */
export const NETWORK_MARK = 'TALLYWATT_NETWORK';
/** Variable that only a supervisor has. */
export const SUPERVISOR_MARK = 'TALLYWATT_SUPERVISOR';
