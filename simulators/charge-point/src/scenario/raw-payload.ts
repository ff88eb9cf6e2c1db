export interface RawNames {
  readonly tag: (name: string) => string;
  readonly transactionId: (session: string) => number;
  readonly moment: (moment: string) => string;
}

const PLACE = /\$\{(tag|tx|at):([^}]{1,60})\}/g;

/**
 * JSON text with the names of a scenario filled in: `${tag:d1}`, `${tx:s}`, `${at:now-30m}`. Text and not a value, so that
 * a frame can hold what no value can: a key twice, 9007199254740993, NaN.
 */
export function rawPayload(text: string, names: RawNames): string {
  return text.replace(PLACE, (_, kind: string, name: string) => {
    if (kind === 'tag') return names.tag(name);
    return kind === 'tx' ? String(names.transactionId(name)) : names.moment(name);
  });
}
