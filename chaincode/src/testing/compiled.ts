import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Compiles the chaincode and what it needs; quick when nothing changed. */
export function compileChaincode(): void {
  const tsc = fileURLToPath(new URL('../../../node_modules/@typescript/native/bin/tsc', import.meta.url));
  const { status, stdout } = runNode([tsc, '-b', 'chaincode']);
  if (status !== 0) throw new Error(`chaincode does not compile:\n${stdout}`);
}

/** Runs Node in the repository's root with a clean environment and these variables. */
export function runNode(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
    cwd: root,
    encoding: 'utf8',
    env: variables,
  });
  return { status, stdout, stderr };
}
