import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Clock } from '../clock.js';
import { BacklogSource } from './backlog.js';
import { SettlementMetrics } from './settlement-metrics.js';

/** csms asks under this pattern and serves the answer with its own `/metrics`. */
export const METRICS_PATTERN = 'settlement.metrics';

@Controller()
export class MetricsController {
  constructor(
    private readonly metrics: SettlementMetrics,
    private readonly backlog: BacklogSource,
    private readonly clock: Clock,
  ) {}

  /** Prometheus text. @throws when the database is away: figures that are not there must not look like zeros. */
  @MessagePattern(METRICS_PATTERN)
  async text(): Promise<string> {
    const { waiting, oldestMs, transactionsInFlight, factsWithoutRow, invalid, quarantined } =
      await this.backlog.backlog();
    this.metrics.pending.set(waiting);
    this.metrics.oldestPendingAge.set(oldestMs === null ? 0 : Math.max(0, this.clock.nowMs() - oldestMs) / 1000);
    this.metrics.inFlight.set(transactionsInFlight);
    this.metrics.queueLag.set(factsWithoutRow);
    this.metrics.review.set({ state: 'invalid' }, invalid);
    this.metrics.review.set({ state: 'quarantined' }, quarantined);
    return this.metrics.text();
  }
}
