import { HONEST_REGISTER_MIN_WH } from './honest-charger.js';

type Fields = Readonly<Record<string, unknown>>;

/** Action and fields of a CALL, read from its text; undefined for everything else. */
function callOf(text: string): { action: string; fields: Fields } | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(message) || message[0] !== 2) return undefined;
  const [, , action, payload] = message as readonly unknown[];
  if (typeof action !== 'string' || typeof payload !== 'object' || payload === null) return undefined;
  return { action, fields: payload as Fields };
}

/**
 * Whether a frame could say something credible about the honest sessions of its own pile: then the product is right to
 * believe it, and it is no garbage. Reads generously: what is in doubt is not sent there (piles without an honest
 * charger get everything).
 */
export function speaksOfHonest(text: string, fuzzTag: string): boolean {
  const call = callOf(text);
  if (call === undefined) return false;
  const { action, fields } = call;
  const namesTheConnector = numberOf(fields['connectorId']) === 1;
  if (action === 'MeterValues') return namesTheConnector;
  if (action === 'StartTransaction') return namesTheConnector && isTag(fields['idTag'], fuzzTag);
  if (action !== 'StopTransaction' || isTag(fields['idTag'], fuzzTag)) return false;
  return numberOf(fields['meterStop']) >= HONEST_REGISTER_MIN_WH;
}

function isTag(value: unknown, tag: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === tag.toLowerCase();
}

/** A number, or text that leniency may take for one. */
function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
}

/**
 * What a fuzzed pile has said with its driver's tag, in numbers: a bill of that driver is credible only when the pile
 * has sent a Start and a Stop that say exactly this.
 */
export class SaidByFuzz {
  private readonly starts = new Set<number>();
  private readonly stops = new Set<number>();

  constructor(private readonly tag: string) {}

  note(text: string): void {
    const call = callOf(text);
    if (call === undefined) return;
    const { action, fields } = call;
    if (action === 'StartTransaction' && isTag(fields['idTag'], this.tag))
      this.starts.add(numberOf(fields['meterStart']));
    if (action === 'StopTransaction') this.stops.add(numberOf(fields['meterStop']));
  }

  justifies(bill: { readonly meterStartWh: number; readonly meterStopWh: number }): boolean {
    return (
      this.starts.has(bill.meterStartWh) && this.stops.has(bill.meterStopWh) && bill.meterStopWh >= bill.meterStartWh
    );
  }
}
