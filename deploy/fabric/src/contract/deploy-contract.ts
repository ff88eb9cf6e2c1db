import { z } from 'zod';
import type { PeerCli } from '../peer-cli.js';
import type { Operator, Topology } from '../topology.js';
import { CONTRACT_NAME, CONTRACT_VERSION, type ContractNode } from './contract-node.js';

/** The first definition of the contract on a channel; an upgrade takes the next one. */
const FIRST_SEQUENCE = 1;

const Installed = z.object({
  installed_chaincodes: z.array(z.object({ package_id: z.string() })).optional(),
});
const Committed = z.object({
  chaincode_definitions: z.array(z.object({ name: z.string(), sequence: z.int() })).optional(),
});

/** Installs an operator's package on each of its peers that lacks it. */
export async function installContract(cli: PeerCli, operator: Operator, node: ContractNode): Promise<void> {
  const query = ['lifecycle', 'chaincode', 'queryinstalled', '--output', 'json'];
  await Promise.all(
    operator.peers.map(async (peer) => {
      const { installed_chaincodes: installed = [] } = Installed.parse(
        JSON.parse(await cli.asAdmin(operator, peer, query)),
      );
      if (installed.some(({ package_id: id }) => id === node.packageId)) return;
      await cli.asAdmin(operator, peer, ['lifecycle', 'chaincode', 'install', node.packageFile]);
    }),
  );
}

/** Whether the channel has a contract already. */
export async function isCommitted(cli: PeerCli, topology: Topology, operator: Operator): Promise<boolean> {
  const [peer] = operator.peers;
  if (peer === undefined) return false;
  const query = ['lifecycle', 'chaincode', 'querycommitted', '-C', topology.channel, '--output', 'json'];
  const { chaincode_definitions: definitions = [] } = Committed.parse(
    JSON.parse(await cli.asAdmin(operator, peer, query)),
  );
  return definitions.some(({ name }) => name === CONTRACT_NAME);
}

function definition(topology: Topology): string[] {
  const name = ['-C', topology.channel, '-n', CONTRACT_NAME];
  return [...name, '-v', CONTRACT_VERSION, '--sequence', String(FIRST_SEQUENCE)];
}

/** An operator agrees to the contract and says by which of its servers it runs. */
export async function approveContract(
  cli: PeerCli,
  topology: Topology,
  operator: Operator,
  node: ContractNode,
): Promise<void> {
  const [peer] = operator.peers;
  if (peer === undefined) return;
  const approve = ['lifecycle', 'chaincode', 'approveformyorg', '--package-id', node.packageId];
  await cli.asAdmin(operator, peer, [...approve, ...definition(topology), ...cli.ordering()]);
}

/** Enough operators have agreed: the contract is the channel's. */
export async function commitContract(cli: PeerCli, topology: Topology): Promise<void> {
  const [operator] = topology.operators;
  const [peer] = operator?.peers ?? [];
  if (operator === undefined || peer === undefined) return;
  const commit = ['lifecycle', 'chaincode', 'commit', ...definition(topology), ...cli.ordering()];
  await cli.asAdmin(operator, peer, [...commit, ...cli.endorsing(topology.operators)]);
}
