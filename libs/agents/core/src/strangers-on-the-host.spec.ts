import { expect, test } from '@jest/globals';
import { containerDefinition, taskDefinition, taskIdOf, wantedTask } from '../spec/builders.ts';
import { ScriptedAgent, scriptedSession } from '../spec/scripted-agent.ts';
import { containerSpec } from './container-spec.ts';
import { INVENTORY_INTERVAL_MS_DEFAULT } from './limits.ts';

const STRANGER = wantedTask({ taskId: taskIdOf(7) });

/** An agent that serves, and a container on its host that it has not made and that its wanted set does not have. */
function agentWithStranger(): ScriptedAgent {
  const agent = new ScriptedAgent();
  agent.start(1);
  const definition = taskDefinition(containerDefinition('app'));
  const spec = containerSpec({ cluster: 'default', instanceId: 'i1' }, STRANGER, definition, 'app');
  agent.runtime.perform({ call: 'create', spec }, agent.now);
  agent.runtime.perform({ call: 'start', ref: spec.runtimeName }, agent.now);
  agent.elapse(INVENTORY_INTERVAL_MS_DEFAULT);
  return agent;
}

const phaseOf = (agent: ScriptedAgent): string | undefined => [...agent.runtime.containers.values()][0]?.phase;

/*
 * Found by the simulation: of two agents with one identity on one machine the older one did not know yet that its session
 * was over. It found what the newer one had started, did not know the task, and stopped it.
 */
test('a container of another process with this identity is not stopped on the word of an old wanted set', () => {
  const agent = agentWithStranger();
  expect(phaseOf(agent)).toBe('RUNNING');
  agent.accept(scriptedSession(2, [STRANGER]));
  expect(phaseOf(agent)).toBe('RUNNING');
});

test('a container that a fresh wanted set does not have either is stopped', () => {
  const agent = agentWithStranger();
  agent.accept(scriptedSession(2, []));
  expect(phaseOf(agent)).toBe('STOPPED');
});
