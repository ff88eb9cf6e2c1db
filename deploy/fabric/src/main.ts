import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { Listr, PRESET_TIMER } from 'listr2';
import { FabricFault } from './fault.js';
import { Network } from './network.js';
import { NetworkFolder } from './network-folder.js';
import { readTopology, TopologyFault } from './topology.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Flags {
  readonly profile: string;
  readonly topology: string;
  readonly data: string;
  readonly firstPort?: number;
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{4,5}$/.test(text) || value > 60_000) throw new InvalidArgumentError('a first port is 1024 … 60000.');
  return value;
}

function networkOf(flags: Flags): Network {
  const topology = readTopology(resolve(flags.topology), flags.profile, flags.firstPort);
  return new Network(topology, NetworkFolder.of(resolve(flags.data), flags.profile));
}

async function up(network: Network): Promise<void> {
  const tasks = new Listr<unknown>([], {
    rendererOptions: { timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  });
  const { operators, supervision } = network.topology;
  const peers = operators.flatMap((operator) => operator.peers).length;
  tasks.add([
    {
      title: 'Fabric programs (the first time they are compiled: minutes)',
      task: async (_context, task) => void (task.title = `Fabric programs: ${(await network.provide()).origin}`),
    },
    { title: 'Ports', task: () => network.clear() },
    { title: 'Certificates, genesis block, contract packages', task: () => network.prepare(Date.now()) },
    {
      title: `${supervision.orderers.length} orderers, ${peers} peers, ${operators.length} contract servers`,
      task: async () => {
        network.launch();
        await network.joinChannel();
      },
    },
    { title: 'Contract', task: () => network.deployContract() },
    { title: 'Every operator evaluates, one transaction in a block', task: () => network.ready() },
  ]);
  await tasks.run();
}

function status(network: Network): void {
  const line = (text: string): void => void process.stdout.write(`${text}\n`);
  const pids = network.processes;
  line(`${pids.length} processes of network ${network.topology.profile} in ${network.folder.root}`);
  if (pids.length === 0) process.exitCode = 1;
}

function command(name: string, text: string, run: (network: Network) => unknown): Command {
  return new Command(name)
    .description(text)
    .option('--profile <name>', 'profile of the topology file', 'small')
    .option('--topology <file>', 'topology file', resolve(ROOT, 'deploy/fabric/consortium.json'))
    .option('--data <dir>', 'data folder', resolve(ROOT, '.data'))
    .option('--first-port <port>', 'first of the ports in a row', port)
    .action(async (flags: Flags) => void (await run(networkOf(flags))));
}

try {
  await new Command('npm run fabric --')
    .description('A Hyperledger Fabric network with BFT ordering on this machine, from one topology file.')
    .addCommand(command('up', 'start it, from nothing or from its data', up))
    .addCommand(command('down', 'end every process; data stay', (network) => network.down()))
    .addCommand(command('status', 'what runs', status))
    .addCommand(command('reset', 'end it and remove its data', (network) => network.reset()))
    .parseAsync();
} catch (error) {
  const isKnown = error instanceof FabricFault || error instanceof TopologyFault;
  process.stderr.write(`${isKnown ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
