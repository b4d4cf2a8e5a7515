import { expect, test } from '@jest/globals';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { ScriptedAgent } from '../spec/scripted-agent.ts';
import { INVENTORY_INTERVAL_MS_DEFAULT } from './limits.ts';

const HOUR_MS = 3_600_000;

/*
 * Found by the simulation: the wall clock of a host had been set forward and back. What had ended meanwhile was removed only when the
 * agent's own clock, which does not jump, had reached the moment that the engine gave.
 */
test('a container that ended by a clock that is ahead is removed in time', () => {
  const agent = new ScriptedAgent();
  agent.start(1, wantedTask({ taskId: taskIdOf(1) }));
  agent.takeReports();
  const [container] = agent.runtime.containers.values();
  if (container !== undefined) agent.runtime.exit(container, 0, agent.now + HOUR_MS);
  agent.elapse(INVENTORY_INTERVAL_MS_DEFAULT);
  expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPED' }]);
  agent.elapse(60_000);
  expect(agent.runtime.containers.size).toBe(0);
});
