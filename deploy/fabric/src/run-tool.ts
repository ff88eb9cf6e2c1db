import { execFile } from 'node:child_process';
import { FabricFault } from './fault.js';

/** Nothing that we wait for takes longer, except compiling. */
export const TOOL_MS_MAX = 60_000;
/** The longest answer is a decoded channel configuration, well under a megabyte. */
export const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
/** Enough of a tool's last words to see why; the rest is noise. */
export const REASON_LENGTH_MAX = 500;

export interface ToolRun {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/**
 * Runs one of Fabric's tools to its end and answers its standard output.
 * @throws FabricFault with the tool's last line when it fails
 */
export function runTool(program: string, args: readonly string[], run: ToolRun = {}): Promise<string> {
  const options = {
    maxBuffer: OUTPUT_BYTES_MAX,
    timeout: run.timeoutMs ?? TOOL_MS_MAX,
    ...(run.env === undefined ? {} : { env: run.env }),
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
  };
  return new Promise((resolve, reject) => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(new FabricFault(`${program.split('/').at(-1)} ${args[0] ?? ''}: ${reasonIn(stderr) || error.message}`));
    });
  });
}

function reasonIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const telling = lines.findLast((line) => /error|fatal|panic|fail/i.test(line)) ?? lines.at(-1) ?? '';
  return telling.slice(0, REASON_LENGTH_MAX);
}
