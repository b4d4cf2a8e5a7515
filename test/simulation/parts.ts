import { AgentCore } from '#libs/agents/core';
import type { SimulatedHost } from '#libs/container-runtime';
import { ecs } from '#contexts/ecs';
import type { AccountDecider, ClusterDecider } from '#libs/ecs/deciders';
import { clusterAgents } from '#libs/ecs/reconcile';
import { ViewDirectory } from '#libs/ecs/views';
import { WriterShell } from '#libs/engine';
import type { Journal } from '#libs/engine';
import { agentsProtocol } from '#libs/kernel';
import type { AnyShardKind, BoundedContext, ShardCommand } from '#libs/kernel';
import { CAPACITY_PROVIDERS } from './world/names.ts';
import type { BrokenJournal, SimJournal } from './world/sim-journal.ts';
import type { SimProcess } from './world/sim-process.ts';

/** So little that wanted sets have several pages and directives are split; the product's limit is never reached here. */
const AGENT_BYTES_MAX = 1_000;

export type ClusterAgents = ReturnType<typeof clusterAgents>;

export interface Deciders {
  readonly account: AccountDecider;
  readonly cluster: ClusterDecider;
}

/** The deciders as the product wires them. */
export const PRODUCT_DECIDERS: Deciders = {
  account: kindOf('account').decider as unknown as AccountDecider,
  cluster: kindOf('cluster').decider as unknown as ClusterDecider,
};

/** The parts of the product that a world is made of, besides its contexts. */
const PRODUCT = {
  WriterShell,
  /** What a process's engine gets for its connection to the journal. */
  journalPort: (port: Journal, _journal: SimJournal, _process: SimProcess): Journal => port,
  AgentCore,
};
export type ProductParts = Readonly<typeof PRODUCT>;

/**
 * Parts that are broken on purpose, so that a test can see the invariants fail: the only switch there is, and only a test
 * can set it. A world without any is the product.
 */
export interface BrokenParts extends Partial<ProductParts> {
  /** Deciders of the control planes; the auditor keeps the product's. */
  readonly deciders?: (product: Deciders) => Deciders;
  readonly ViewDirectory?: typeof ViewDirectory;
  /** What control planes understand of agents, and what they send them. */
  readonly agents?: (product: ClusterAgents) => ClusterAgents;
  /** The journal itself, for every process. */
  readonly journal?: BrokenJournal;
  /** What engines are. */
  readonly SimulatedHost?: typeof SimulatedHost;
  /** Engines make ended containers anew and start them. */
  readonly enginesRestartContainers?: boolean;
}

export function partsWith(broken: BrokenParts): ProductParts {
  return { ...PRODUCT, ...broken };
}

/** The product's context, with what is broken in it. */
export function ecsWith(broken: BrokenParts): BoundedContext {
  const { account, cluster } = broken.deciders?.(PRODUCT_DECIDERS) ?? PRODUCT_DECIDERS;
  const Views = broken.ViewDirectory ?? ViewDirectory;
  return {
    ...ecs,
    shardKinds: [withDecider('account', account), withDecider('cluster', cluster)],
    setup: (views) => ecs.setup(views as ViewDirectory).map(withCapacityProviders),
    createViews: (locale) => new Views(locale),
    agents: (locale) => {
      const product = clusterAgents(locale, AGENT_BYTES_MAX);
      return agentsProtocol(broken.agents?.(product) ?? product);
    },
  };
}

/** A cluster can be given its capacity providers when it is created, and this one is created by nobody's call. */
function withCapacityProviders({ shard, command }: ShardCommand): ShardCommand {
  return { shard, command: { ...command, capacityProviders: CAPACITY_PROVIDERS } as ShardCommand['command'] };
}

function withDecider(name: string, decider: AccountDecider | ClusterDecider): AnyShardKind {
  return { ...kindOf(name), decider: decider as unknown as AnyShardKind['decider'] };
}

function kindOf(name: string): AnyShardKind {
  const kind = ecs.shardKinds.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`ecs has no shards of kind ${name}`);
  return kind;
}
