import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT_NAME, identityFolder, Network, NetworkFolder, readTopology, type Operator } from '@tallywatt/fabric';
import { freePortRow } from '../support/free-port.js';

const MAIN = fileURLToPath(new URL('../../deploy/fabric/dist/main.js', import.meta.url));
const TOPOLOGY = fileURLToPath(new URL('../../deploy/fabric/consortium.json', import.meta.url));
/** Compiling Fabric's programs on a clean machine is the longest of all commands. */
export const COMMAND_MS_MAX = 20 * 60_000;
/** More than profile `small` takes. */
export const PORTS_IN_A_ROW = 64;

export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** Network `small` in a folder and on ports of its own, driven by the commands that people use. */
export class SmallNetwork {
  private constructor(
    readonly dataFolder: string,
    readonly firstPort: number,
    readonly network: Network,
  ) {}

  static async create(): Promise<SmallNetwork> {
    const dataFolder = mkdtempSync(join(tmpdir(), 'tw-fabric-'));
    const firstPort = await freePortRow(PORTS_IN_A_ROW);
    const network = new Network(readTopology(TOPOLOGY, 'small', firstPort), NetworkFolder.of(dataFolder, 'small'));
    return new SmallNetwork(dataFolder, firstPort, network);
  }

  /** `npm run fabric -- NAME`, as built. */
  run(name: string, dataFolder = this.dataFolder): CommandResult {
    const args = [MAIN, name, '--data', dataFolder, '--first-port', String(this.firstPort)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: COMMAND_MS_MAX });
    return { code: status, output: `${stdout}${stderr}` };
  }

  operator(mspId: string): Operator {
    const found = this.network.topology.operators.find((operator) => operator.mspId === mspId);
    if (found === undefined) throw new Error(`no operator ${mspId}`);
    return found;
  }

  /** Asks an operator's own peer, signed by one of the operator's identities; nothing is ordered. */
  async evaluate(mspId: string, role: string, fn: string, args: object): Promise<unknown> {
    const operator = this.operator(mspId);
    return this.ask(operator, mspId, identityFolder(this.network.folder.operatorCrypto(operator), role), fn, args);
  }

  /** The same, signed by supervision, on an operator's peer. */
  async evaluateAsSupervision(onPeerOf: string, fn: string, args: object): Promise<unknown> {
    const { supervision } = this.network.topology;
    const identity = identityFolder(this.network.folder.supervisionCrypto(supervision), 'supervisor');
    return this.ask(this.operator(onPeerOf), supervision.mspId, identity, fn, args);
  }

  private async ask(operator: Operator, mspId: string, identity: string, fn: string, args: object): Promise<unknown> {
    const [peer] = operator.peers;
    if (peer === undefined) throw new Error(`${operator.mspId} has no peer`);
    const query = ['chaincode', 'query', '-C', this.network.topology.channel, '-n', CONTRACT_NAME];
    const call = JSON.stringify({ Args: [fn, JSON.stringify(args)] });
    return JSON.parse(await this.network.cli().as({ ...operator, mspId }, peer, identity, [...query, '-c', call]));
  }

  /** Kills one node, or with no name everything that belongs to the network. */
  kill(nodeFolder?: string): number[] {
    const victims = this.network.processes.filter(
      ({ environment }) =>
        nodeFolder === undefined || [...environment.values()].some((value) => value.startsWith(nodeFolder)),
    );
    for (const { pid } of victims) process.kill(pid, 'SIGKILL');
    return victims.map(({ pid }) => pid);
  }

  async destroy(): Promise<void> {
    await this.network.reset();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}
