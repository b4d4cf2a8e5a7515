import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import { nextDeadlineOf } from '#libs/kernel';
import { clusterStateCodec } from './cluster-state.codec.ts';
import { ClusterUnderTest, textOf } from '../spec/cluster-builder.ts';
import { commandOf, step } from '../spec/random-life.ts';

const SAGAS = [schedulerSaga, serviceControllerSaga];

describe('a state that was encoded and decoded', () => {
  test('goes on exactly like the original, whenever the snapshot was taken', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 20, maxLength: 80 }),
        fc.integer({ min: 1, max: 20 }),
        (steps, stepsPerSnapshot) => {
          const cluster = new ClusterUnderTest(SAGAS).createCluster().register('a').register('b');
          let reopened = cluster.reopened();
          for (const [index, each] of steps.entries()) {
            const command = commandOf(cluster, each);
            reopened.at = cluster.at;
            expect(reopened.submit(command)).toEqual(cluster.submit(command));
            expect(nextDeadlineOf(reopened.decider, reopened.state)).toBe(
              nextDeadlineOf(cluster.decider, cluster.state),
            );
            if (index % stepsPerSnapshot === 0) reopened = reopened.reopened();
          }
          expect(textOf(reopened.state)).toBe(textOf(cluster.state));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('has the same text, which does not depend on what shares memory', () => {
    const cluster = new ClusterUnderTest(SAGAS).createCluster().register('a');
    cluster.run({ count: 2 });
    cluster.run({ count: 1 });
    cluster.run({ count: 1, group: 'other' });
    const data = clusterStateCodec.encode(cluster.state) as { readonly templates: readonly unknown[] };
    expect(data.templates).toHaveLength(2);
    const { state } = cluster.reopened();
    for (const task of state.tasks.values()) {
      state.tasks.set(task.taskId, { ...task, template: structuredClone(task.template) });
    }
    expect(textOf(state)).toBe(textOf(cluster.state));
  });

  test('is a copy: what happens to one does not happen to the other', () => {
    const cluster = new ClusterUnderTest(SAGAS).createCluster().register('a');
    const { taskIds } = cluster.run({ count: 3, clientToken: 'token' });
    const data = clusterStateCodec.encode(cluster.state);
    const before = JSON.stringify(data);
    cluster.report('a', { taskId: taskIds[0] ?? '' });
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'a', force: true });
    cluster.at += 4_000_000;
    cluster.accept({ type: 'ElapseTime' });
    expect(JSON.stringify(data)).toBe(before);
  });

  test('in which a task holds what its instance does not have is refused', () => {
    const cluster = new ClusterUnderTest(SAGAS).createCluster().register('a');
    cluster.run({ count: 1 });
    const data = JSON.parse(JSON.stringify(clusterStateCodec.encode(cluster.state))) as {
      instances: { resources: { cpu: number } }[];
    };
    for (const instance of data.instances) instance.resources.cpu = 1;
    expect(() => clusterStateCodec.decode(data)).toThrow(/does not have the CPU/);
  });
});
