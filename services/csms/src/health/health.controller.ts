import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SettlementClient } from '../api/settlement-client.js';
import { DatabaseProbe } from './database-probe.js';
import { Metrics, mergeMetrics } from './metrics.js';

export interface ReadinessView {
  readonly status: 'ready' | 'not-ready';
  readonly checks: { readonly database: CheckState; readonly settlement: CheckState };
}
type CheckState = 'up' | 'down';

/** For supervisors of processes and for Prometheus; shows nothing of any organisation. */
@Controller()
export class HealthController {
  constructor(
    private readonly database: DatabaseProbe,
    private readonly settlement: SettlementClient,
    private readonly metrics: Metrics,
  ) {}

  /** The event loop turns. */
  @Get('health/live')
  @Header('Cache-Control', 'no-store')
  live(): { readonly status: 'live' } {
    return { status: 'live' };
  }

  /** Database and settlement answer; 503 otherwise, with the one that does not. */
  @Get('health/ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessView> {
    const [database, settlement] = await Promise.all([this.database.answers(), this.settlement.metrics()]);
    const checks = { database: stateOf(database), settlement: stateOf(settlement !== undefined) };
    const ready = checks.database === 'up' && checks.settlement === 'up';
    if (!ready) response.status(503);
    return { status: ready ? 'ready' : 'not-ready', checks };
  }

  /** Both processes in one scrape, told apart by the label `service`. */
  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    const [own, settlement] = await Promise.all([this.metrics.text(), this.settlement.metrics()]);
    return mergeMetrics(own, settlement ?? '');
  }
}

function stateOf(up: boolean): CheckState {
  return up ? 'up' : 'down';
}
