import { expect, test } from '@jest/globals';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { ScriptedAgent } from '../spec/scripted-agent.ts';
import { INVENTORY_INTERVAL_MS_DEFAULT } from './limits.ts';

/*
 * Found by the simulation: the event that a container had become HEALTHY was lost, and no list of the host showed it. The
 * container that depended on it was never started, and an UNHEALTHY task was never replaced.
 */
test('a health that has changed without an event is found in the next list', () => {
  const agent = new ScriptedAgent();
  agent.start(1, wantedTask({ taskId: taskIdOf(1) }));
  agent.takeReports();
  const [container] = agent.runtime.containers.values();
  if (container !== undefined) container.healthStatus = 'UNHEALTHY';
  agent.elapse(INVENTORY_INTERVAL_MS_DEFAULT);
  expect(agent.takeReports()).toMatchObject([{ containers: [{ healthStatus: 'UNHEALTHY' }] }]);
  agent.elapse(INVENTORY_INTERVAL_MS_DEFAULT);
  expect(agent.has('report')).toBe(false);
});
