import { describe, expect, test } from '@jest/globals';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { assignMessage, ScriptedAgent, scriptedSession, SESSION_ID } from '../spec/scripted-agent.ts';
import type { ScriptedSession } from '../spec/scripted-agent.ts';

const LIMIT_MS = 60_000;
const RUNNING = wantedTask();

function serving(...tasks: ScriptedSession['tasks']): ScriptedAgent {
  const agent = new ScriptedAgent();
  agent.start(1, ...tasks);
  if (tasks.length > 0) agent.takeReports();
  return agent;
}

function draining(...tasks: ScriptedSession['tasks']): ScriptedAgent {
  const agent = serving(...tasks);
  agent.core.beginDrain(LIMIT_MS, agent.now);
  agent.settle();
  return agent;
}

/** The control plane records the wish; the set is read again. */
function recorded(agent: ScriptedAgent, session: ScriptedSession): void {
  const { requestId, request } = agent.take('drain');
  expect(request).toEqual({ sessionId: SESSION_ID });
  agent.core.drainAnswered(requestId, { accepted: true, term: 1 }, agent.now);
  agent.settle();
  agent.accept(session);
}

describe('an agent that drains', () => {
  test('ends at once where nothing runs, but not before the set was read again', () => {
    const agent = draining();
    expect(agent.has('drained')).toBe(false);
    recorded(agent, scriptedSession(1, []));
    expect(agent.take('drained')).toEqual({ kind: 'drained', tasksLeft: 0 });
  });

  test('serves its tasks until they are stopped and the log has it', () => {
    const agent = draining(RUNNING);
    recorded(agent, scriptedSession(1, [{ ...RUNNING, lastStatus: 'RUNNING' }]));
    expect(agent.has('drained')).toBe(false);
    agent.core.assign(assignMessage(1, 2, { ...RUNNING, desiredStatus: 'STOPPED' }), agent.now);
    agent.settle();
    while (agent.has('report') && !agent.has('drained')) agent.takeReports();
    expect(agent.take('drained').tasksLeft).toBe(0);
    expect(agent.runtime.list()).toMatchObject([{ phase: 'STOPPED' }]);
  });

  test('serves what was placed before the wish was recorded, though the directive was lost', () => {
    const agent = draining();
    recorded(agent, scriptedSession(2, [wantedTask({ taskId: taskIdOf(2) })]));
    expect(agent.takeReports()).toMatchObject([{ taskId: taskIdOf(2), knownStatus: 'RUNNING' }]);
    expect(agent.has('drained')).toBe(false);
  });

  test('ends at the limit with tasks, which run on', () => {
    const agent = draining(RUNNING);
    recorded(agent, scriptedSession(1, [{ ...RUNNING, lastStatus: 'RUNNING' }]));
    agent.elapse(LIMIT_MS - 1);
    expect(agent.has('drained')).toBe(false);
    agent.elapse(1);
    expect(agent.take('drained').tasksLeft).toBe(1);
    expect(agent.runtime.list()).toMatchObject([{ phase: 'RUNNING' }]);
    agent.elapse(LIMIT_MS);
    expect(agent.has('drained')).toBe(false);
  });

  test('asks again until it is answered, also over a lost connection and a refusal', () => {
    const agent = draining();
    agent.elapse(5_000);
    agent.elapse(5_000);
    const [first, second] = [agent.take('drain'), agent.take('drain')];
    expect(second.requestId).toBeGreaterThan(first.requestId);
    agent.core.drainAnswered(second.requestId, { error: { code: 'ServerException', message: '' } }, agent.now);
    agent.elapse(5_000);
    agent.take('drain');
    agent.core.connectionLost(agent.now);
    agent.core.connectionUp(agent.now);
    agent.elapse(100);
    expect(agent.has('drain')).toBe(false);
    agent.accept(scriptedSession(1, []));
    recorded(agent, scriptedSession(1, []));
    expect(agent.has('drained')).toBe(true);
  });

  test('an answer while the session is being opened does not count: that set may be the one of before', () => {
    const agent = draining();
    const { requestId } = agent.take('drain');
    agent.core.assign(assignMessage(7, 8), agent.now);
    agent.settle();
    agent.core.drainAnswered(requestId, { accepted: true, term: 1 }, agent.now);
    agent.accept(scriptedSession(8, []));
    expect(agent.has('drained')).toBe(false);
    agent.elapse(5_000);
    recorded(agent, scriptedSession(8, []));
    expect(agent.has('drained')).toBe(true);
  });

  test('one that was deregistered ends when its containers are stopped', () => {
    const agent = draining(RUNNING);
    agent.core.drainAnswered(
      agent.take('drain').requestId,
      { error: { code: 'InstanceInactive', message: '' } },
      agent.now,
    );
    agent.settle();
    expect(agent.take('drained').tasksLeft).toBe(0);
  });

  test('has a deadline for each thing that time alone brings', () => {
    const agent = draining();
    for (let steps = 0; !agent.has('drained') && steps < 1_000; steps += 1) {
      agent.elapse(Math.max(1, (agent.core.nextDeadline() ?? Infinity) - agent.now));
    }
    expect(agent.take('drained').tasksLeft).toBe(0);
  });
});
