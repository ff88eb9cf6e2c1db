import { StoreUnavailableError } from '../ocpp/handles.decorator.js';

/** Questions of one round trip; more wait for the next. */
export const QUESTIONS_PER_QUERY_MAX = 256;

/** Answers in the order of the questions. @throws when the store does not answer */
export type ReadBatch<Q, A> = (questions: readonly Q[]) => Promise<readonly A[]>;

interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns many small reads into few: what is asked while a query runs goes together in the next one. A lone question
 * does not wait; under load the round trips per message go towards zero.
 */
export class BatchReader<Q, A> {
  private waiting: Waiting<Q, A>[] = [];
  private isReading = false;

  constructor(private readonly read: ReadBatch<Q, A>) {}

  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (!this.isReading) void this.readAll();
    });
  }

  private async readAll(): Promise<void> {
    this.isReading = true;
    // Questions of the same turn of the event loop belong together.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.readNext(this.waiting.splice(0, QUESTIONS_PER_QUERY_MAX));
    this.isReading = false;
  }

  /** One question that the store refuses must not refuse those of others: a batch that fails is halved until it stands alone. */
  private async readNext(batch: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await this.read(batch.map(({ question }) => question));
      give(batch, answers);
    } catch (error) {
      if (batch.length === 1 || error instanceof StoreUnavailableError) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await this.readNext(batch.slice(0, half));
      await this.readNext(batch.slice(half));
    }
  }
}

function give<Q, A>(batch: readonly Waiting<Q, A>[], answers: readonly A[]): void {
  const isWhole = answers.length === batch.length;
  batch.forEach(({ resolve, reject }, index) => {
    const answer = answers[index];
    if (!isWhole) reject(new Error(`${answers.length} answers to ${batch.length} questions`));
    else if (answer === undefined) reject(new Error('no answer'));
    else resolve(answer);
  });
}
