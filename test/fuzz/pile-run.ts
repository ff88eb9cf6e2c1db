import type { Prng } from '../support/prng.js';
import { AnswerBook, type Fault } from './answer-book.js';
import { SaidByFuzz, speaksOfHonest } from './garbage.js';
import { Grammar } from './grammar.js';
import type { HonestCharger } from './honest-charger.js';
import { anyValue } from './hostile-values.js';
import type { Speaker } from './payloads.js';

/** One connection of a pile, whatever lies below it. */
export interface Line {
  readonly isOpen: boolean;
  send(frame: Buffer): void;
  /** Breaks the transport's own rules, or leaves in mid-frame; the connection has to end. Absent where there is none. */
  provoke?(random: Prng): void;
  end(): void;
}
export interface LineListener {
  heard(text: string): void;
  closed(code: number, reason: string): void;
}
export type Dial = (chargePointId: string, listener: LineListener) => Promise<Line>;

/** A pile of a run: what it is, and who speaks honestly on it. */
export interface FuzzPile {
  readonly chargePointId: string;
  readonly fuzzTag: string;
  readonly honest: HonestCharger | undefined;
  /** Share of honest messages; 1 = no garbage at all. */
  readonly honestShare: number;
}

/** Ids that were given to honest sessions: every other pile tries to use them (C7). */
export class StolenIds {
  private readonly ids: { readonly owner: string; readonly transactionId: number }[] = [];
  private next = 0;

  add(owner: string, transactionId: number): void {
    this.ids[this.next] = { owner, transactionId };
    this.next = (this.next + 1) % STOLEN_IDS_MAX;
  }

  for(thief: string, random: Prng): number | undefined {
    const found = this.ids[random.between(0, STOLEN_IDS_MAX - 1)];
    return found === undefined || found.owner === thief ? undefined : found.transactionId;
  }
}
export const STOLEN_IDS_MAX = 64;

/** Frames that are under way on one connection at once. */
const BURST_MAX = 8;
/** On a machine that does other things too; nothing that works takes so long. */
export const ANSWER_MS_MAX = 60_000;
/** One provocation in so many bursts. */
const PROVOKED_ONE_IN = 40;

/** One pile's part of a run: bursts of garbage and honest messages, each followed by the answers that are owed. */
export class PileRun {
  readonly said: SaidByFuzz;
  private readonly grammar: Grammar;
  private readonly ownIds: number[] = [];
  private line: Line | undefined;
  private book: AnswerBook;
  private wake: () => void = () => undefined;
  private wasProvoked = false;
  connections = 0;
  private frames = 0;

  constructor(
    private readonly pile: FuzzPile,
    private readonly random: Prng,
    private readonly dial: Dial,
    private readonly stolen: StolenIds,
    private readonly events: { readonly frame: () => void; readonly fault: (fault: Fault) => void },
    said?: SaidByFuzz,
  ) {
    this.said = said ?? new SaidByFuzz(pile.fuzzTag);
    this.grammar = new Grammar(random, this.speaker());
    this.book = new AnswerBook(events.fault);
  }

  /** Sends so many frames; an honest session that is under way is brought to its end. */
  async run(frames: number): Promise<void> {
    for (let left = frames; left > 0;) left -= await this.burst(Math.min(left, this.random.between(1, BURST_MAX)));
    while (this.pile.honest?.isUnderWay === true) await this.burst(0);
    this.wasProvoked = true;
    this.line?.end();
  }

  /** @returns frames that left */
  private async burst(size: number): Promise<number> {
    const line = await this.connected();
    const { honest, honestShare } = this.pile;
    const honestAt =
      honest !== undefined && (size === 0 || this.random.next() < honestShare * size)
        ? this.random.between(0, size)
        : -1;
    const garbage = honestShare === 1 ? 0 : size;
    const before = this.frames;
    for (let at = 0; at <= garbage && line.isOpen; at++) {
      if (honest !== undefined && at === Math.min(honestAt, garbage)) this.send(line, Buffer.from(honest.next()));
      if (at < garbage && line.isOpen) this.send(line, this.garbage());
    }
    if (line.provoke !== undefined && honestShare < 1 && this.random.next() < 1 / PROVOKED_ONE_IN) this.provoke(line);
    await this.settle();
    return this.frames - before;
  }

  private garbage(): Buffer {
    for (;;) {
      const frame = this.grammar.next();
      const text = frame.toString('utf8');
      if (this.pile.honest !== undefined && speaksOfHonest(text, this.pile.fuzzTag)) continue;
      this.said.note(text);
      return frame;
    }
  }

  private send(line: Line, frame: Buffer): void {
    this.book.sent(frame.toString('utf8'));
    this.frames += 1;
    this.events.frame();
    line.send(frame);
  }

  private provoke(line: Line): void {
    if (!line.isOpen) return;
    this.wasProvoked = true;
    line.provoke?.(this.random);
  }

  /** Until nothing is owed, or the connection is gone. */
  private async settle(): Promise<void> {
    const isSettled = (): boolean => this.line === undefined || (this.book.open === 0 && !this.wasProvoked);
    if (isSettled()) return;
    const deadline = setTimeout(() => this.overdue(), ANSWER_MS_MAX);
    while (!isSettled()) await new Promise<void>((resolve) => (this.wake = resolve));
    clearTimeout(deadline);
  }

  private overdue(): void {
    if (this.wasProvoked)
      this.events.fault({ what: 'a broken connection was not closed', frame: this.pile.chargePointId });
    this.book.overdue();
    this.line?.end();
    this.line = undefined;
    this.wake();
  }

  private async connected(): Promise<Line> {
    if (this.line?.isOpen === true) return this.line;
    this.book = new AnswerBook(this.events.fault);
    this.wasProvoked = false;
    this.connections += 1;
    const { book } = this;
    this.line = await this.dial(this.pile.chargePointId, {
      heard: (text) => this.heard(book, text),
      closed: (code, reason) => this.closed(book, code, reason),
    });
    return this.line;
  }

  private heard(book: AnswerBook, text: string): void {
    if (book !== this.book) return;
    if (text.startsWith('[2,')) return this.answerCommand(text);
    const answer = book.heard(text);
    if (answer !== undefined) this.use(answer);
    if (book.open === 0) this.wake();
  }

  private use(answer: readonly unknown[]): void {
    const { honest, chargePointId } = this.pile;
    const transactionId = (answer[2] as { transactionId?: unknown } | null)?.transactionId;
    try {
      const isHonest = honest?.heard(answer) === true;
      if (typeof transactionId !== 'number') return;
      if (isHonest) this.stolen.add(chargePointId, transactionId);
      else this.ownIds[this.random.between(0, 3)] = transactionId;
    } catch (error) {
      this.events.fault({ what: String(error), frame: JSON.stringify(answer) });
    }
  }

  private closed(book: AnswerBook, code: number, reason: string): void {
    if (book !== this.book) return;
    book.closed(code, reason, this.wasProvoked);
    this.line = undefined;
    this.wake();
  }

  /** Piles answer commands as they like: well, wrongly, or not at all. */
  private answerCommand(text: string): void {
    const id = JSON.stringify((JSON.parse(text) as readonly unknown[])[1]);
    const share = this.random.next();
    if (share < 0.4) this.line?.send(Buffer.from(`[3,${id},{"status":"Accepted"}]`));
    else if (share < 0.7) this.line?.send(Buffer.from(`[3,${id},${JSON.stringify(anyValue(this.random))}]`));
    else if (share < 0.8) this.line?.send(Buffer.from(`[4,${id},"Nonsense","",{}]`));
  }

  private speaker(): Speaker {
    const { fuzzTag, chargePointId } = this.pile;
    return {
      idTags: [fuzzTag, fuzzTag.toLowerCase(), 'UNKNOWN'],
      connectorIds: [1, 2, 2, 0, 3],
      transactionId: (random) => {
        const share = random.next();
        if (share < 0.5) return this.ownIds[random.between(0, 3)] ?? -1;
        if (share < 0.7) return this.stolen.for(chargePointId, random) ?? 0;
        return share < 0.85 ? -1 : random.between(0, 2 ** 31 - 1);
      },
    };
  }
}
