import { describe, expect, it } from '@jest/globals';
import { FabricFault } from './fault.js';
import { OUTPUT_BYTES_MAX, REASON_LENGTH_MAX, runTool, TOOL_MS_MAX } from './run-tool.js';

const node = (script: string, timeoutMs = TOOL_MS_MAX): Promise<string> =>
  runTool(process.execPath, ['-e', script], { timeoutMs });

describe('a tool', () => {
  it('answers what it printed', async () => expect(await node(`console.log('42')`)).toBe('42\n'));

  it('that fails says why in one short line', async () => {
    const failing = node(`console.error('hello\\nError: no such channel\\nUsage: …'); process.exit(1)`);
    await expect(failing).rejects.toThrow('Error: no such channel');
  });

  it('that hangs is ended', async () => {
    const started = performance.now();
    await expect(node('setInterval(() => {}, 1000)', 300)).rejects.toThrow(FabricFault);
    expect(performance.now() - started).toBeLessThan(TOOL_MS_MAX / 4);
  });

  it('that talks without end is ended', async () => {
    const flood = `for (let i = 0; i < 20; i += 1) process.stdout.write('x'.repeat(${OUTPUT_BYTES_MAX / 16}))`;
    await expect(node(flood)).rejects.toThrow('maxBuffer');
  });

  it('is quoted briefly', async () => {
    const error: unknown = await node(`console.error('error ' + 'x'.repeat(10_000)); process.exit(1)`).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(FabricFault);
    expect(String(error).length).toBeLessThan(REASON_LENGTH_MAX + 100);
  });

  it('that does not exist is named', async () => {
    await expect(runTool('/nowhere/peer', ['version'])).rejects.toThrow('peer version');
  });
});
