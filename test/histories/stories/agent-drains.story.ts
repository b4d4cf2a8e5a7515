import { ClusterRecorder } from '../cluster-recorder.ts';
import { registered } from './account.story.ts';

const LEAVING = '1'.repeat(32);
const STAYING = '2'.repeat(32);

/** An agent that has its host drained and comes back; a person's drain, which outlives the agent's return. */
export function recordAgentDrains(): ClusterRecorder {
  const cluster = new ClusterRecorder();
  cluster.create({});
  cluster.openSession(LEAVING);
  cluster.openSession(STAYING);
  cluster.wait(1);
  cluster.drain(LEAVING);
  cluster.look();
  cluster.submit({
    type: 'RunTask',
    resolved: { taskDefinition: registered('job', 1), tags: [] },
    count: 2,
    clientToken: 'elsewhere',
    requestHash: 'd'.repeat(64),
  });
  cluster.disconnect(LEAVING);
  cluster.wait(60);
  cluster.openSession(LEAVING);
  cluster.look();
  cluster.drain(LEAVING);
  cluster.submit({ type: 'UpdateContainerInstancesState', instanceIds: [LEAVING], status: 'DRAINING' });
  cluster.openSession(LEAVING);
  return cluster;
}
