import { expect, test } from '@jest/globals';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { assignMessage, ScriptedAgent, scriptedSession, SESSION_ID } from '../spec/scripted-agent.ts';

/* Two processes of one container instance hear each other's directives: a replaced one must not act on them. */

const task = wantedTask({ taskId: taskIdOf(1) });

test('a directive for another session changes nothing, not even while the own session is being opened', () => {
  const agent = new ScriptedAgent();
  agent.start(1);
  agent.core.assign({ ...assignMessage(1, 2, task), sessionId: 'session-2' }, agent.now);
  agent.settle();
  expect(agent.runtime.containers.size).toBe(0);
  expect(agent.core.isServing).toBe(true);

  const opening = new ScriptedAgent();
  opening.core.connectionUp(opening.now);
  opening.core.assign({ ...assignMessage(1, 2, task), sessionId: 'session-2' }, opening.now);
  opening.settle();
  opening.accept(scriptedSession(1, []));
  expect(opening.runtime.containers.size).toBe(0);
});

test('an agent whose session another process has touches nothing, and asks for its own again after a pause', () => {
  const agent = new ScriptedAgent();
  agent.start(1);
  agent.core.fenced({ term: 1, sessionId: SESSION_ID, fenced: true }, agent.now);
  agent.settle();
  expect(agent.core.isServing).toBe(false);
  agent.core.assign(assignMessage(1, 2, task), agent.now);
  agent.elapse(700);
  expect(agent.has('read-wanted')).toBe(false);
  expect(agent.has('step')).toBe(false);
  agent.elapse(1_000);
  agent.accept(scriptedSession(2, [task]));
  expect(agent.runtime.containers.size).toBe(1);
});

test.each([
  ['of another session', { term: 1, sessionId: 'session-2', fenced: true as const }],
  ['of a writer that has been replaced', { term: 0, sessionId: SESSION_ID, fenced: true as const }],
])('such a message %s changes nothing', (_what, message) => {
  const agent = new ScriptedAgent();
  agent.start(1);
  agent.core.fenced(message, agent.now);
  expect(agent.core.isServing).toBe(true);
});
