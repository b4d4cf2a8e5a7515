import { expect, test } from '@jest/globals';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { ScriptedAgent } from '../spec/scripted-agent.ts';

/** What each creation is to be made of, when the pulls of two tasks with one image find different things. */
test('a container is made of what its own pull has found, though another pull has found something newer since', () => {
  const agent = new ScriptedAgent();
  agent.holdSteps = true;
  agent.start(1, wantedTask({ taskId: taskIdOf(1) }), wantedTask({ taskId: taskIdOf(2) }));
  const pulls = [agent.take('step'), agent.take('step')];
  expect(pulls.map(({ call }) => call.call)).toEqual(['pull', 'pull']);
  for (const [index, { stepId }] of pulls.entries()) {
    agent.core.stepDone(stepId, { kind: 'done', imageId: `sha256:${index}` }, agent.now);
  }
  agent.settle();
  const made = [agent.take('step'), agent.take('step')].map(({ call }) => (call.call === 'create' ? call.spec : null));
  expect(made).toMatchObject([
    { taskId: taskIdOf(1), imageId: 'sha256:0' },
    { taskId: taskIdOf(2), imageId: 'sha256:1' },
  ]);
});
