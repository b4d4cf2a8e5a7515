import type { ClusterSaga } from '../src/cluster.decider.ts';
import { ClusterUnderTest, resolved } from './cluster-builder.ts';

/** A cluster and the task in it that a spec is about. */
export interface GivenTask {
  readonly cluster: ClusterUnderTest;
  readonly taskId: string;
}

/** Stages of the life of one task on `host`; there is an instance `other` as well. Without a scheduler it stays unplaced. */
export class TaskStages {
  readonly #sagas: readonly ClusterSaga[];

  constructor(sagas: readonly ClusterSaga[]) {
    this.#sagas = sagas;
  }

  /** Placed at 1,000 ms. */
  readonly pending = (): GivenTask => {
    const cluster = new ClusterUnderTest(this.#sagas).createCluster().register('host').register('other');
    cluster.accept({ type: 'StartTask', resolved: resolved(), instanceIds: ['host'] });
    const [taskId = ''] = [...cluster.state.tasks.keys()];
    return { cluster, taskId };
  };

  /** Since 2,000 ms. */
  readonly running = (): GivenTask => {
    const given = this.pending();
    given.cluster.at = 2_000;
    given.cluster.report('host', { taskId: given.taskId, knownStatus: 'RUNNING' });
    return given;
  };

  /** By StopTask. */
  readonly stopping = (): GivenTask => {
    const given = this.running();
    given.cluster.accept({ type: 'StopTask', taskId: given.taskId });
    given.cluster.report('host', { taskId: given.taskId, knownStatus: 'STOPPING' });
    return given;
  };

  /** By itself, at 3,000 ms. */
  readonly stopped = (): GivenTask => {
    const given = this.running();
    given.cluster.at = 3_000;
    given.cluster.report('host', { taskId: given.taskId, knownStatus: 'STOPPED' });
    return given;
  };
}
