import { accountDecider, clusterDecider } from '#libs/ecs';
import type { AccountDecider, ClusterDecider } from '#libs/ecs';
import { schedulerSaga, serviceControllerSaga } from '#libs/process-managers';
import type { BrokenJournal } from './world/sim-journal.ts';

export interface Deciders {
  readonly account: AccountDecider;
  readonly cluster: ClusterDecider;
}

/** The deciders as the product wires them. */
export function productDeciders(): Deciders {
  return { account: accountDecider(), cluster: clusterDecider({ sagas: [schedulerSaga, serviceControllerSaga] }) };
}

/**
 * Parts that are broken on purpose, so that a test can see the invariants fail. A run without any is the product.
 */
export interface BrokenParts {
  /** Deciders of the control planes; the auditor keeps the product's. */
  readonly deciders?: (product: Deciders) => Deciders;
  readonly journal?: BrokenJournal;
  readonly writerAnswersBeforeTheAck?: boolean;
  /** Writers in doubt about their lease answer from their state all the same. */
  readonly writersNeverConfirm?: boolean;
  readonly agentIgnoresTerms?: boolean;
  /** Engines make ended containers anew and start them. */
  readonly enginesRestartContainers?: boolean;
  /** Views never hear of these events. */
  readonly viewsMiss?: (type: string) => boolean;
}
