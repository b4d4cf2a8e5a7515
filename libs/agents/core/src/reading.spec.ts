import { describe, expect, test } from '@jest/globals';
import { AGENT_MESSAGE_BYTES_MAX } from '#libs/agents/protocol';
import { jsonBytes } from '#libs/kernel';
import { DEFINITION_ARN, taskDefinition, taskIdOf, wantedTaskOf } from '../spec/builders.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { assignMessage, ScriptedAgent, scriptedSession, sessionAnswer } from '../spec/scripted-agent.ts';

function connected(): ScriptedAgent {
  const agent = new ScriptedAgent();
  agent.core.connectionUp(agent.now);
  agent.settle();
  return agent;
}

/** Answers the page that is asked for. */
function page(agent: ScriptedAgent, version: number, index: number, next: string | null): void {
  const { attempt } = agent.take('read-wanted');
  agent.core.wantedAnswered(attempt, { version, tasks: [wantedTaskOf(index)], next }, agent.now);
  agent.settle();
}

describe('a wanted set in pages', () => {
  test('is asked for page by page; nothing is done before the session is accepted', () => {
    const agent = connected();
    page(agent, 3, 1, taskIdOf(1));
    expect(agent.outputs).toMatchObject([{ kind: 'read-wanted', after: taskIdOf(1) }]);
    page(agent, 3, 2, null);
    expect(agent.runtime.starts).toEqual([]);
    const { attempt, wanted } = agent.take('open-session');
    expect(wanted).toEqual({ version: 3, tasks: 2, progress: 2 });
    agent.core.sessionAnswered(attempt, sessionAnswer(), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(2);
  });

  test('that changes while it is read is read again', () => {
    const agent = connected();
    page(agent, 3, 1, taskIdOf(1));
    page(agent, 4, 2, null);
    expect(agent.has('open-session')).toBe(false);
    agent.elapse(200);
    expect(agent.take('read-wanted').after).toBeNull();
  });

  test('that has changed before the session was asked for is read again without a notice', () => {
    const agent = connected();
    page(agent, 3, 1, null);
    const { attempt } = agent.take('open-session');
    const changed = { error: { code: 'WantedSetChanged', message: 'The tasks have changed meanwhile.' } };
    agent.core.sessionAnswered(attempt, changed, agent.now);
    agent.elapse(200);
    expect(agent.outputs).toMatchObject([{ kind: 'read-wanted', after: null }]);
  });

  test('goes on with the differences that came meanwhile', () => {
    const agent = connected();
    page(agent, 3, 1, null);
    agent.core.assign(assignMessage(2, 3, wantedTaskOf(1)), agent.now);
    agent.core.assign(assignMessage(3, 4, wantedTaskOf(2)), agent.now);
    agent.core.sessionAnswered(agent.take('open-session').attempt, sessionAnswer(), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(2);
    expect(agent.has('read-wanted')).toBe(false);
  });

  test('of an earlier reading does not get into the next one', () => {
    const agent = connected();
    page(agent, 3, 1, taskIdOf(1));
    agent.take('read-wanted');
    agent.core.connectionLost(agent.now);
    agent.core.connectionUp(agent.now);
    agent.elapse(200);
    // Asked for before the connection was lost, and answered late.
    agent.core.wantedAnswered(2, { version: 3, tasks: [wantedTaskOf(2)], next: null }, agent.now);
    agent.settle();
    page(agent, 5, 3, null);
    expect(agent.take('open-session').wanted).toEqual({ version: 5, tasks: 1, progress: 1 });
  });
});

describe('task definitions', () => {
  function waiting(): ScriptedAgent {
    const agent = new ScriptedAgent(new ModelRuntime());
    agent.holdDefinitions = true;
    agent.start(1, wantedTaskOf(1), wantedTaskOf(2));
    return agent;
  }

  test('are asked for once for all tasks; nothing is done with a task before', () => {
    const agent = waiting();
    const asked = agent.take('read-definitions');
    expect(asked.taskDefinitionArns).toEqual([DEFINITION_ARN]);
    expect(agent.runtime.starts).toEqual([]);
    agent.define(asked);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(2);
    agent.core.assign(assignMessage(1, 2, wantedTaskOf(3)), agent.now);
    agent.settle();
    expect(agent.has('read-definitions')).toBe(false);
    expect(agent.runtime.starts).toHaveLength(3);
  });

  test('are asked for again while there is no answer', () => {
    const agent = waiting();
    agent.core.definitionsAnswered(agent.take('read-definitions').requestId, null, agent.now);
    agent.elapse(1_000);
    agent.take('read-definitions');
    agent.elapse(10_000);
    agent.elapse(1_000);
    agent.define(agent.take('read-definitions'));
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(2);
  });

  test('of a writer that was replaced say nothing', () => {
    const agent = waiting();
    agent.core.assign({ ...assignMessage(1, 2, wantedTaskOf(3)), term: 5 }, agent.now);
    const answer = { term: 4, taskDefinitions: {}, unknown: [DEFINITION_ARN] };
    agent.core.definitionsAnswered(agent.take('read-definitions').requestId, answer, agent.now);
    agent.elapse(1_000);
    agent.define(agent.take('read-definitions'));
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(3);
  });

  test('that do not exist end their tasks', () => {
    const agent = waiting();
    const answer = { term: 1, taskDefinitions: {}, unknown: [DEFINITION_ARN] };
    agent.core.definitionsAnswered(agent.take('read-definitions').requestId, answer, agent.now);
    agent.settle();
    expect(agent.takeReports()).toMatchObject([
      { knownStatus: 'STOPPED', stopCode: 'TaskFailedToStart' },
      { knownStatus: 'STOPPED', reason: expect.stringContaining('ResourceInitializationError') },
    ]);
  });

  test('are not waited for by tasks that are no longer wanted', () => {
    const agent = waiting();
    agent.core.assign(assignMessage(7, 7), agent.now);
    agent.settle();
    agent.accept(scriptedSession(8, []));
    agent.elapse(60_000);
    expect(agent.core.nextDeadline()).not.toBeNull();
    agent.outputs.length = 0;
    agent.elapse(60_000);
    expect(agent.has('read-definitions')).toBe(false);
  });
});

test('reports are split where one request would be too large', () => {
  const runtime = new ModelRuntime();
  const agent = new ScriptedAgent(runtime, { startsInFlightMax: 1_000 });
  const name = 'n'.repeat(255);
  const containers = Array.from({ length: 10 }, (_, i) => ({
    ...taskDefinition().containerDefinitions[0],
    name: `${name.slice(2)}${i}`,
  }));
  Object.assign(agent.definition, { containerDefinitions: containers });
  agent.start(1, ...Array.from({ length: 100 }, (_, index) => wantedTaskOf(index)));
  let reported = 0;
  while (agent.has('report')) {
    const [output] = agent.outputs.filter(({ kind }) => kind === 'report');
    expect(jsonBytes(output)).toBeLessThan(AGENT_MESSAGE_BYTES_MAX + 1_024);
    reported += agent.takeReports().length;
  }
  expect(reported).toBeGreaterThanOrEqual(100);
});
