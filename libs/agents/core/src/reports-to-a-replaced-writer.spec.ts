import { expect, test } from '@jest/globals';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { assignMessage, ScriptedAgent } from '../spec/scripted-agent.ts';

/*
 * Found by the simulation (seed 5): a writer that had been replaced and did not know it yet accepted the report of a task
 * that only the new one knew; nothing was recorded, and the task stayed PENDING permanently.
 */
test('a report that only a replaced writer has accepted is sent again', () => {
  const agent = new ScriptedAgent();
  agent.start(1);
  agent.core.assign({ ...assignMessage(1, 2, wantedTask({ taskId: taskIdOf(1) })), term: 2 }, agent.now);
  agent.settle();
  expect(agent.takeReports(1)).toMatchObject([{ taskId: taskIdOf(1), knownStatus: 'RUNNING' }]);
  agent.elapse(1_000);
  expect(agent.takeReports(2)).toMatchObject([{ taskId: taskIdOf(1), knownStatus: 'RUNNING' }]);
  agent.elapse(10_000);
  expect(agent.has('report')).toBe(false);
});
