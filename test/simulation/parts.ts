import { AgentCore } from '#libs/agents/core';
import { accountDecider, clusterDecider, wantedPageOf } from '#libs/ecs/deciders';
import type { AccountDecider, ClusterDecider } from '#libs/ecs/deciders';
import { ShardWriter } from '#libs/kernel';
import {
  deregistrationSaga,
  heartbeatVerdict,
  InstanceMonitor,
  schedulerSaga,
  serviceControllerSaga,
} from '#libs/ecs/reconcile';
import { ViewDirectory } from '#libs/ecs/views';
import type { BrokenJournal } from './world/sim-journal.ts';

export interface Deciders {
  readonly account: AccountDecider;
  readonly cluster: ClusterDecider;
}

/** The deciders as the product wires them. */
export function productDeciders(): Deciders {
  const sagas = [deregistrationSaga, schedulerSaga, serviceControllerSaga];
  return { account: accountDecider(), cluster: clusterDecider({ sagas }) };
}

/** The parts of the product that a world is made of, besides its deciders. */
const PRODUCT = {
  ShardWriter,
  ViewDirectory,
  AgentCore,
  InstanceMonitor,
  heartbeatVerdict,
  wantedPageOf,
};
export type ProductParts = Readonly<typeof PRODUCT>;

/**
 * Parts that are broken on purpose, so that a test can see the invariants fail: the only switch there is, and only a test
 * can set it. A world without any is the product.
 */
export interface BrokenParts extends Partial<ProductParts> {
  /** Deciders of the control planes; the auditor keeps the product's. */
  readonly deciders?: (product: Deciders) => Deciders;
  readonly journal?: BrokenJournal;
  readonly writerAnswersBeforeTheAck?: boolean;
  /** Writers in doubt about their lease answer from their state all the same. */
  readonly writersNeverConfirm?: boolean;
  /** Engines make ended containers anew and start them. */
  readonly enginesRestartContainers?: boolean;
}

export function partsWith(broken: BrokenParts): ProductParts {
  return { ...PRODUCT, ...broken };
}
