const CPU_METRIC = /^([A-Za-z_]*)process_cpu_seconds_total(?:\{([^}]*)\})?\s+([0-9.eE+-]+)/;

/** CPU seconds of one process since it started, by the process's name. */
export type CpuSeconds = ReadonlyMap<string, number>;

/**
 * Reads `process_cpu_seconds_total` from a Prometheus page. csms shows its own without a label; metrics of other
 * processes on the same page carry a label (`service`, `process` or `job`) or a prefix.
 */
export function parseCpuSeconds(metricsPage: string): CpuSeconds {
  const found = new Map<string, number>();
  for (const line of metricsPage.split('\n')) {
    const match = CPU_METRIC.exec(line);
    if (match === null) continue;
    const [, prefix = '', labels = '', value = ''] = match;
    const label = /(?:service|process|job)="([^"]+)"/.exec(labels)?.[1];
    found.set(label ?? (prefix.replace(/_$/, '').replace(/^tallywatt_/, '') || 'csms'), Number(value));
  }
  return found;
}

/** Empty when the page cannot be read: figures are then missing, not zero. */
export async function readCpuSeconds(apiUrl: string): Promise<CpuSeconds> {
  const response = await fetch(`${apiUrl}/metrics`, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  return response?.ok === true ? parseCpuSeconds(await response.text()) : new Map();
}

/** CPU-milliseconds per session and process, to three digits. */
export function cpuMsPerSession(before: CpuSeconds, after: CpuSeconds, sessions: number): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, seconds] of after) {
    const spent = seconds - (before.get(name) ?? 0);
    if (before.has(name)) figures[name] = Math.round((spent * 1e6) / Math.max(1, sessions)) / 1000;
  }
  return figures;
}

/** This process, in the same form. */
export function ownCpuSeconds(): CpuSeconds {
  const { user, system } = process.cpuUsage();
  return new Map([['simulator', (user + system) / 1e6]]);
}
