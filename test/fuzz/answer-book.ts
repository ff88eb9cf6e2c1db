import { dueAnswer, type Due } from './due-answer.js';
import { isOutageClose } from './outages.js';

/** OCPP-J 1.6, section 4.2.3: the whole list, spelled as there. */
const ERROR_CODES: ReadonlySet<unknown> = new Set([
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
]);
const TAG_STATUS: ReadonlySet<unknown> = new Set(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']);
/** ocpp.md and RFC 6455: what a connection that sends garbage may be closed with. */
const DOCUMENTED_CLOSES: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009]);
/** Malformed frames that a connection survives (limits of connection/). */
export const MALFORMED_MAX = 20;
/** Longest piece of a frame in a report. */
const SHOWN_LENGTH = 600;

export interface Fault {
  readonly what: string;
  /** The frame that it is about, as it was sent. */
  readonly frame: string;
}

interface Sent {
  readonly due: Due;
  readonly frame: string;
  /** Frames of its connection up to this one that were malformed for certain. */
  readonly malformedSoFar: number;
}

/** The books of one connection: what was sent, what is owed, what came. Every entry that does not add up is a fault. */
export class AnswerBook {
  private readonly owed = new Map<string, { readonly sent: Sent[]; readonly heard: (readonly unknown[])[] }>();
  private owedCount = 0;
  /** Malformed for certain, and frames that were refused as such: bounds of what the server may have counted. */
  private surelyMalformed = 0;
  private perhapsMalformed = 0;
  private readonly frames: string[] = [];

  constructor(private readonly report: (fault: Fault) => void) {}

  /** Answers that are still to come. */
  get open(): number {
    return this.owedCount;
  }

  sent(frame: string): void {
    const due = dueAnswer(frame);
    this.frames.push(shown(frame));
    if (this.frames.length > MALFORMED_MAX) this.frames.shift();
    if (due.isMalformed) {
      this.surelyMalformed += 1;
      this.perhapsMalformed += 1;
    }
    if (due.answerTo === undefined) return;
    const debt = this.owed.get(due.answerTo);
    const entry = { due, frame: shown(frame), malformedSoFar: this.surelyMalformed };
    if (debt === undefined) this.owed.set(due.answerTo, { sent: [entry], heard: [] });
    else debt.sent.push(entry);
    this.owedCount += 1;
  }

  /** Settles one debt; a CALL of the central system is not for this book. */
  heard(text: string): readonly unknown[] | undefined {
    const answer = parseArray(text);
    const id = answer?.[1];
    if (answer === undefined || typeof id !== 'string') return this.fault('no OCPP-J message was heard', text);
    const debt = this.owed.get(id);
    if (debt === undefined) return this.fault('an answer that nothing was owed for', text);
    debt.heard.push(answer);
    this.owedCount -= 1;
    if (debt.heard.length < debt.sent.length) return answer;
    // Several frames with one id: which answer belongs to which is known when all have come.
    this.owed.delete(id);
    for (const [entry, own] of pairs(debt.sent, debt.heard)) this.judge(entry, own);
    return answer;
  }

  private judge(entry: Sent, answer: readonly unknown[]): void {
    if (answer[0] === 4 && answer[2] === 'FormationViolation' && !entry.due.isMalformed) this.perhapsMalformed += 1;
    const wrong =
      entry.malformedSoFar > MALFORMED_MAX
        ? `answered after ${entry.malformedSoFar} malformed frames`
        : faultOf(entry.due, answer);
    if (wrong !== undefined) this.report({ what: `${wrong}: ${shown(JSON.stringify(answer))}`, frame: entry.frame });
  }

  /** The connection is gone: nothing is owed any more, if the reason is a documented one that its frames gave. */
  closed(code: number, reason: string, wasProvoked: boolean): void {
    // The refusal that was one too many is not sent any more.
    const perhapsMalformed = this.perhapsMalformed + this.owedCount;
    this.owed.clear();
    this.owedCount = 0;
    if (wasProvoked || isOutageClose(code, reason)) return;
    const isForMalformed = code === 1008 && perhapsMalformed > MALFORMED_MAX;
    const isForTransport = code !== 1008 && DOCUMENTED_CLOSES.has(code);
    if (!isForMalformed && !isForTransport)
      this.report({
        what: `closed with ${code} ${JSON.stringify(reason)} after ${perhapsMalformed} malformed frames`,
        frame: this.frames.join('\n'),
      });
  }

  /** Nothing more came in time. */
  overdue(): void {
    for (const [id, { sent, heard }] of this.owed)
      for (const { frame } of sent)
        this.report({ what: `${heard.length} of ${sent.length} answers to ${JSON.stringify(id.slice(0, 64))}`, frame });
    this.owed.clear();
    this.owedCount = 0;
  }

  private fault(what: string, text: string): undefined {
    this.report({ what: `${what}: ${text.slice(0, SHOWN_LENGTH)}`, frame: this.frames.join('\n') });
    return undefined;
  }
}

/** Gives each frame the answer that is right for it, if there is such a way; else in order of arrival. */
function pairs(sent: readonly Sent[], heard: readonly (readonly unknown[])[]): (readonly [Sent, readonly unknown[]])[] {
  const inOrder = sent.map((entry, index) => [entry, heard[index] ?? []] as const);
  return sent.length === 1 ? inOrder : (rightPairs(sent, heard) ?? inOrder);
}

function rightPairs(
  [entry, ...rest]: readonly Sent[],
  heard: readonly (readonly unknown[])[],
): (readonly [Sent, readonly unknown[]])[] | undefined {
  if (entry === undefined) return [];
  for (const answer of heard) {
    if (faultOf(entry.due, answer) !== undefined) continue;
    const others = rightPairs(
      rest,
      heard.filter((other) => other !== answer),
    );
    if (others !== undefined) return [[entry, answer], ...others];
  }
  return undefined;
}

function faultOf(due: Due, answer: readonly unknown[]): string | undefined {
  const [type, , code, description, details] = answer;
  if (type === 3) {
    if (due.isMalformed) return 'a malformed frame was answered as valid';
    return answer.length === 3 && isResultOf(due.action, code) ? undefined : 'an answer that is none';
  }
  if (type !== 4 || answer.length !== 5) return 'an answer that is none';
  if (due.mustBeResult) return 'a transaction message was refused';
  if (code === 'InternalError') return 'a defect showed';
  if (!ERROR_CODES.has(code)) return 'a code that the standard does not have';
  if (due.isMalformed && code !== 'FormationViolation') return 'a malformed frame was read';
  const isQuiet = typeof description === 'string' && JSON.stringify(details) === '{}';
  return isQuiet ? undefined : 'an error that says more than it may';
}

/** The shape of each answer, from the standard's tables. */
function isResultOf(action: string | undefined, payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false;
  const fields = payload as Readonly<Record<string, unknown>>;
  const status = (fields['idTagInfo'] as { status?: unknown } | undefined)?.status;
  switch (action) {
    case 'Authorize':
      return TAG_STATUS.has(status);
    case 'StartTransaction':
      return isTransactionId(fields['transactionId']) && TAG_STATUS.has(status);
    case 'StopTransaction':
      return fields['idTagInfo'] === undefined || TAG_STATUS.has(status);
    case 'BootNotification':
      return fields['status'] === 'Accepted' && isTime(fields['currentTime']) && Number(fields['interval']) > 0;
    case 'Heartbeat':
      return isTime(fields['currentTime']);
    case 'DataTransfer':
      return typeof fields['status'] === 'string';
    default:
      return Object.keys(fields).length === 0;
  }
}

function isTransactionId(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value);
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function shown(frame: string): string {
  return frame.length <= SHOWN_LENGTH ? frame : `${frame.slice(0, SHOWN_LENGTH)}… (${frame.length} characters)`;
}
