import type { RecordedRow, UnreadableRow } from './recording.js';
import { type ReplayedSession, type RowClass, classText, classify } from './outcome.js';

/** What `--json FILE` holds; issue 3 names the fields. */
export interface ReplayFigures {
  readonly rows: number;
  readonly final: number;
  readonly quarantined: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly unaccounted: number;
  readonly unaccountedReasons: Readonly<Record<string, number>>;
  /** Sessions at the replay's stations that no row of the file explains. */
  readonly unexpectedSessions: number;
  readonly created: {
    readonly stations: number;
    readonly chargePoints: number;
    readonly accounts: number;
    readonly sessions: number;
  };
  /** First frame to last final. */
  readonly seconds: number;
  readonly playSeconds: number;
  readonly sessionsPerSecond: number;
  readonly cpuMsPerSession: Readonly<Record<string, number>>;
  readonly rssMaxBytes: number;
}

/** transactionId of each played row, by row number. */
export type Played = ReadonlyMap<number, number>;

export interface Account {
  readonly classes: readonly { readonly sessionId: string; readonly rowClass: RowClass }[];
  readonly unexpectedSessions: number;
}

/** Puts every row of the file into exactly one class. */
export function accountForRows(
  rows: readonly RecordedRow[],
  unreadable: readonly UnreadableRow[],
  played: Played,
  sessions: readonly ReplayedSession[],
): Account {
  const byTransaction = new Map(sessions.map((session) => [session.transactionId, session]));
  const classes = rows.map((row) => {
    const transactionId = played.get(row.rowNumber);
    const session = transactionId === undefined ? undefined : byTransaction.get(transactionId);
    if (transactionId !== undefined) byTransaction.delete(transactionId);
    return { rowNumber: row.rowNumber, sessionId: row.sessionId, rowClass: classify(session) };
  });
  const unplayed = unreadable.map((row) => ({
    ...row,
    rowClass: { kind: 'refused', reason: 'unreadable_row' } as const,
  }));
  return {
    classes: [...classes, ...unplayed].sort((a, b) => a.rowNumber - b.rowNumber),
    unexpectedSessions: byTransaction.size,
  };
}

export function countClasses(
  account: Account,
): Pick<ReplayFigures, 'rows' | 'final' | 'quarantined' | 'refused' | 'unaccounted' | 'unaccountedReasons'> {
  const reasons = (kind: RowClass['kind']): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { rowClass } of account.classes) {
      if (rowClass.kind === kind && rowClass.kind !== 'final')
        counts[rowClass.reason] = (counts[rowClass.reason] ?? 0) + 1;
    }
    return counts;
  };
  const of = (kind: RowClass['kind']): number =>
    account.classes.filter(({ rowClass }) => rowClass.kind === kind).length;
  return {
    rows: account.classes.length,
    final: of('final'),
    quarantined: reasons('quarantined'),
    refused: reasons('refused'),
    unaccounted: of('unaccounted'),
    unaccountedReasons: reasons('unaccounted'),
  };
}

/** `session_id,class`, one line per row in file order. */
export function classesCsv(account: Account): string {
  return (
    [
      'session_id,class',
      ...account.classes.map(({ sessionId, rowClass }) => `${sessionId},${classText(rowClass)}`),
    ].join('\n') + '\n'
  );
}

/** The table for people. */
export function tableLines(figures: ReplayFigures): string[] {
  const line = (label: string, count: number): string => `  ${label.padEnd(36)}${String(count).padStart(8)}`;
  const group = (kind: string, counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => line(`${kind} (${reason})`, count));
  return [
    line('rows', figures.rows),
    line('final', figures.final),
    ...group('quarantined', figures.quarantined),
    ...group('refused', figures.refused),
    line('unaccounted', figures.unaccounted),
    ...group('unaccounted', figures.unaccountedReasons),
    ...(figures.unexpectedSessions === 0 ? [] : [line('sessions that no row explains', figures.unexpectedSessions)]),
  ];
}
