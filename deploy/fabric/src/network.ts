import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyDefaults, provideBinaries, type Binaries } from './binaries.js';
import { joinOrderer, joinPeer } from './channel.js';
import { toolEnvironment } from './config/environment.js';
import { connectionProfile } from './connection-profile.js';
import { ensureGenesis } from './configtx.js';
import { prepareContract, type ContractNode } from './contract/contract-node.js';
import { approveContract, commitContract, installContract, isCommitted } from './contract/deploy-contract.js';
import { ensureCrypto } from './crypto-material.js';
import { ensureIdentities } from './identities.js';
import { endMarkedProcesses, markedProcesses } from './marked-processes.js';
import type { NetworkFolder } from './network-folder.js';
import { ordererEnvironment } from './orderer-node.js';
import { PeerCli } from './peer-cli.js';
import { peerEnvironment } from './peer-node.js';
import { evaluates, eventually, isFree, submits } from './readiness.js';
import { NETWORK_MARK, SUPERVISOR_MARK, type NodePlan, type Plan } from './supervisor/plan.js';
import { listeners, type Operator, type Topology } from './topology.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FABRIC = join(HERE, '..');
const TOOLS = join(FABRIC, 'tools');
const BUILDER = join(FABRIC, 'builder');
const SUPERVISOR = join(HERE, 'supervisor', 'main.js');
const CONTRACT_SERVER = join(FABRIC, '..', '..', 'chaincode', 'dist', 'server', 'main.js');

/** A killed process may hold its ports for a moment longer than its name. */
export const PORT_FREE_MS_MAX = 2_000;

/** A Fabric network on this machine: native processes under one supervisor. */
export class Network {
  private binaries: Binaries | undefined;
  private readonly contracts = new Map<string, ContractNode>();

  constructor(
    readonly topology: Topology,
    readonly folder: NetworkFolder,
  ) {}

  /** Processes of this network that live, its supervisor included. */
  get processes(): ReturnType<typeof markedProcesses> {
    return markedProcesses(this.folder.root);
  }

  /** Finds or compiles Fabric's programs; the slow step of a first start. */
  async provide(): Promise<Binaries> {
    this.binaries = await provideBinaries(TOOLS);
    return this.binaries;
  }

  /** Whether its supervisor lives: then `up` only looks after what is missing. */
  get isUp(): boolean {
    return this.supervisorPid() !== undefined;
  }

  /** Ends what a killed supervisor left behind, and refuses a start on somebody else's ports. */
  async clear(): Promise<void> {
    if (this.isUp) return;
    await endMarkedProcesses(this.folder.root, 'SIGKILL');
    for (const { host, port, owner } of listeners(this.topology)) {
      await eventually(
        `Port ${port} for ${owner} is taken: choose another range with --first-port PORT`,
        () => isFree(host, port),
        PORT_FREE_MS_MAX,
      );
    }
  }

  /** Authorities, certificates, genesis block, contract packages: made once, kept afterwards. */
  async prepare(nowMs: number): Promise<void> {
    const { program } = this.provided();
    for (const folder of [this.folder.run, this.folder.logs]) mkdirSync(folder, { recursive: true });
    await ensureCrypto(this.topology, this.folder, program.cryptogen);
    copyDefaults(this.provided(), this.folder.config);
    await ensureGenesis(this.topology, this.folder, program.configtxgen);
    await ensureIdentities(this.topology, this.folder, nowMs);
    for (const operator of this.topology.operators) {
      this.contracts.set(operator.mspId, await prepareContract(operator, this.folder, CONTRACT_SERVER, nowMs));
    }
    const profile = connectionProfile(this.topology, this.folder);
    writeFileSync(this.folder.connectionProfile, JSON.stringify(profile, null, 2), { mode: 0o600 });
  }

  /** Starts the supervisor, which starts the nodes and outlives us. */
  launch(): void {
    if (this.isUp) return;
    const planFile = join(this.folder.run, 'plan.json');
    writeFileSync(planFile, JSON.stringify(this.plan(), null, 2), { mode: 0o600 });
    const log = openSync(join(this.folder.logs, 'supervisor.log'), 'a', 0o600);
    const env = { ...toolEnvironment(), [NETWORK_MARK]: this.folder.root, [SUPERVISOR_MARK]: '1' };
    const supervisor = spawn(process.execPath, [SUPERVISOR, planFile], {
      detached: true,
      stdio: ['ignore', log, log],
      env,
    });
    supervisor.unref();
    closeSync(log);
  }

  /** Orderers consent, peers follow. */
  async joinChannel(): Promise<void> {
    const { topology, folder } = this;
    const { osnadmin } = this.provided().program;
    const cli = this.cli();
    await Promise.all([
      ...topology.supervision.orderers.map((orderer) =>
        eventually(`${orderer.name} joins the channel`, () => joinOrderer(topology, folder, osnadmin, orderer)),
      ),
      ...topology.operators.flatMap((operator) =>
        operator.peers.map((peer) =>
          eventually(`${peer.name} joins the channel`, () => joinPeer(topology, folder, cli, operator, peer)),
        ),
      ),
    ]);
  }

  /** Installs the contract's address everywhere, and agrees on it when the channel has none. */
  async deployContract(): Promise<void> {
    const cli = this.cli();
    const { topology } = this;
    const [first] = topology.operators;
    if (first === undefined) return;
    await this.eachOperator((operator, node) =>
      eventually(`${operator.mspId} installs the contract`, () => installContract(cli, operator, node)),
    );
    if (await eventually('the contract is looked up', () => isCommitted(cli, topology, first))) return;
    await this.eachOperator((operator, node) =>
      eventually(`${operator.mspId} approves the contract`, () => approveContract(cli, topology, operator, node)),
    );
    await eventually('the contract is committed', () => commitContract(cli, topology));
  }

  /** By real calls: every operator's peer evaluates, one transaction is endorsed by all and in a block. */
  async ready(): Promise<void> {
    const cli = this.cli();
    const { topology, folder } = this;
    await this.eachOperator((operator) =>
      eventually(`${operator.mspId} evaluates`, () => evaluates(cli, topology, folder, operator)),
    );
    await eventually('the first transaction is in a block', () => submits(cli, topology, folder));
  }

  /** Ends every process; data stay. */
  async down(): Promise<void> {
    const supervisor = this.supervisorPid();
    if (supervisor !== undefined) {
      process.kill(supervisor, 'SIGTERM');
      while (this.processes.some(({ pid }) => pid === supervisor)) await sleep(50);
    }
    await endMarkedProcesses(this.folder.root, 'SIGKILL');
  }

  /** Ends every process and forgets every byte. */
  async reset(): Promise<void> {
    await this.down();
    rmSync(this.folder.root, { recursive: true, force: true });
  }

  private supervisorPid(): number | undefined {
    return this.processes.find(({ environment }) => environment.has(SUPERVISOR_MARK))?.pid;
  }

  private provided(): Binaries {
    if (this.binaries === undefined) throw new Error('provide() comes first');
    return this.binaries;
  }

  /** Fabric's own command, to ask a peer as somebody; after `provide`. */
  cli(): PeerCli {
    return new PeerCli(this.provided().program.peer, this.topology, this.folder);
  }

  private async eachOperator(step: (operator: Operator, node: ContractNode) => Promise<void>): Promise<void> {
    await Promise.all(
      this.topology.operators.map(async (operator) => {
        const node = this.contracts.get(operator.mspId);
        if (node !== undefined) await step(operator, node);
      }),
    );
  }

  private plan(): Plan {
    const { topology, folder } = this;
    const { program } = this.provided();
    const node = (name: string, path: string, args: string[], env: Record<string, string>): NodePlan => {
      mkdirSync(folder.node(name), { recursive: true, mode: 0o700 });
      return {
        name,
        program: path,
        args,
        env: { ...toolEnvironment(), ...env },
        logFile: join(folder.logs, `${name}.log`),
      };
    };
    return {
      network: folder.root,
      nodes: [
        ...topology.supervision.orderers.map((orderer) =>
          node(orderer.name, program.orderer, [], ordererEnvironment(topology, folder, orderer)),
        ),
        ...topology.operators.flatMap((operator) =>
          operator.peers.map((peer) =>
            node(peer.name, program.peer, ['node', 'start'], peerEnvironment(operator, peer, folder, BUILDER)),
          ),
        ),
        ...[...this.contracts.values()].map(({ plan }) => plan),
      ],
    };
  }
}
