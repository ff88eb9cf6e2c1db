import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics, register as processRegistry } from 'prom-client';

/** Bounds from a cached read to the time limit of an operation. */
const DURATION_BUCKETS_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30];

/** Prometheus figures of csms; other parts register theirs on prom-client's process registry. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  readonly requestSeconds: Histogram<'route' | 'status'>;
  readonly liveLogClients: Gauge;
  readonly refusedTokens: Counter;

  constructor() {
    this.registry.setDefaultLabels({ service: 'csms' });
    collectDefaultMetrics({ register: this.registry });
    const registers = [this.registry];
    this.requestSeconds = new Histogram({
      name: 'tallywatt_http_request_seconds',
      help: 'Time to answer, by route of the access table',
      labelNames: ['route', 'status'],
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    });
    this.liveLogClients = new Gauge({ name: 'tallywatt_live_log_clients', help: 'Open event streams', registers });
    this.refusedTokens = new Counter({ name: 'tallywatt_http_unauthorized_total', help: 'Refused tokens', registers });
  }

  /** Prometheus text of this process. */
  async text(): Promise<string> {
    return mergeMetrics(await this.registry.metrics(), await processRegistry.metrics());
  }
}

/** Puts samples of one family under one HELP and TYPE, as the text format demands, when two texts are joined. */
export function mergeMetrics(...texts: readonly string[]): string {
  const families = new Map<string, { readonly comments: string[]; readonly samples: string[] }>();
  let current = '';
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    if (line === '') continue;
    const declared = /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
    current = declared ?? current;
    const family = families.get(current) ?? { comments: [], samples: [] };
    families.set(current, family);
    if (declared === undefined) family.samples.push(line);
    // The first text's HELP and TYPE stand; a second pair would be a syntax error.
    else if (family.comments.length < 2 && family.samples.length === 0) family.comments.push(line);
  }
  return [...families.values()].flatMap(({ comments, samples }) => [...comments, ...samples, '']).join('\n');
}
