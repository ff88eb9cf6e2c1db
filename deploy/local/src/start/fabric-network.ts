import { fileURLToPath } from 'node:url';
import { FabricFault, Network, NetworkFolder, readTopology } from '@tallywatt/fabric';
import { KnownFault } from '../embedded-database/errors.js';
import type { StartOptions } from './options.js';

const TOPOLOGY = fileURLToPath(new URL('../../../fabric/consortium.json', import.meta.url));
const PROFILE = 'small';

/** The network of `npm start -- --ledger fabric`; what settlement is told of it lies in `profileFile`. */
export interface RunningNetwork {
  readonly profileFile: string;
  stop(): Promise<void>;
}

/** Brings network `small` up in the data folder. `step` tells what is under way. @throws KnownFault with one clear line */
export async function startFabricNetwork(
  { dataFolder, fabricPort }: Pick<StartOptions, 'dataFolder' | 'fabricPort'>,
  step: (text: string) => void,
): Promise<RunningNetwork> {
  const folder = NetworkFolder.of(dataFolder, PROFILE);
  const network = new Network(readTopology(TOPOLOGY, PROFILE, fabricPort), folder);
  const steps: readonly [string, () => Promise<unknown> | void][] = [
    ['programs (the first time they are compiled: minutes)', () => network.provide()],
    ['ports', () => network.clear()],
    ['certificates', () => network.prepare(Date.now())],
    ['processes', () => network.launch()],
    ['channel', () => network.joinChannel()],
    ['contract', () => network.deployContract()],
    ['first transaction', () => network.ready()],
  ];
  try {
    for (const [text, run] of steps) {
      step(text);
      await run();
    }
  } catch (error) {
    await network.down();
    throw error instanceof FabricFault ? new KnownFault(error.message) : error;
  }
  return { profileFile: folder.connectionProfile, stop: () => network.down() };
}
