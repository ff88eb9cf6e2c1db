import { describe, expect, it } from '@jest/globals';
import { Metrics, mergeMetrics } from './metrics.js';

describe('mergeMetrics', () => {
  it('keeps one HELP and TYPE per family and its samples together', () => {
    const one = '# HELP up is up\n# TYPE up gauge\nup{service="a"} 1\n\n# HELP x y\n# TYPE x counter\nx 1\n';
    const two = '# HELP up is up\n# TYPE up gauge\nup{service="b"} 0\n';
    expect(mergeMetrics(one, two)).toBe(
      '# HELP up is up\n# TYPE up gauge\nup{service="a"} 1\nup{service="b"} 0\n\n# HELP x y\n# TYPE x counter\nx 1\n',
    );
  });
  it('is empty for nothing', () => expect(mergeMetrics('', '')).toBe(''));
});

describe('Metrics', () => {
  it('labels every sample with the service, and may be made twice in a process', async () => {
    const samples = (await new Metrics().text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples.length).toBeGreaterThan(10);
    expect(samples.filter((line) => !line.includes('service="csms"'))).toEqual([]);
    expect(await new Metrics().text()).toContain('tallywatt_http_request_seconds');
  });
});
