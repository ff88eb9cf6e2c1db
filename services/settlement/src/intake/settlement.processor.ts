import { Logger } from '@nestjs/common';
import type { SettlementJob } from '@tallywatt/contracts';
import { reach } from '../failpoint.js';
import { ClaimGatherer } from './claim-gatherer.js';

/** What a job can end as; `later` comes back without having used an attempt. */
export type JobOutcome = 'claimed' | 'later' | 'abandoned';

/** A job whose facts never show up says nothing useful; the sweeper finds facts without any job. */
export const LOOKS_MAX = 30;

/** One queue job: id → settlement row. The job ends when the row is claimed; what happens to the row is not its business. */
export class SettlementProcessor {
  private readonly logger = new Logger(SettlementProcessor.name);

  constructor(private readonly gatherer: ClaimGatherer) {}

  /** `looks`: how often this job was started, this time included. Never rejects: an infrastructure error costs no attempt. */
  async process(job: SettlementJob, looks: number): Promise<JobOutcome> {
    reach('jobClaimed');
    try {
      if (await this.gatherer.claim(job.settlementId)) {
        reach('rowNotCompleted');
        return 'claimed';
      }
    } catch (error) {
      this.logger.warn({ message: 'settlement not claimed', settlementId: job.settlementId, error: String(error) });
      return 'later';
    }
    return looks < LOOKS_MAX ? 'later' : 'abandoned';
  }
}
