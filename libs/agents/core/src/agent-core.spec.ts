import { describe, expect, test } from '@jest/globals';
import { REPORTS_PER_REQUEST_MAX } from '#libs/ecs/messages';
import { stoppingTaskOf, taskIdOf, wantedTaskOf } from '../spec/builders.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { assignMessage, ScriptedAgent, scriptedSession, sessionAnswer } from '../spec/scripted-agent.ts';

describe('from a session to running containers', () => {
  test('the wanted set is started and reported', () => {
    const agent = new ScriptedAgent();
    agent.start(3, wantedTaskOf(1), wantedTaskOf(2));
    expect(agent.phases).toEqual(['RUNNING', 'RUNNING']);
    expect(agent.takeReports()).toMatchObject([
      { taskId: taskIdOf(1), knownStatus: 'RUNNING', containers: [{ name: 'app', lastStatus: 'RUNNING' }] },
      { taskId: taskIdOf(2), knownStatus: 'RUNNING', startedAt: agent.now },
    ]);
    expect(agent.has('report')).toBe(false);
  });

  test('the tasks of the host can be read, with what is wanted and what is known of them', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    const [seen] = agent.core.tasks();
    expect(seen).toMatchObject({
      wanted: { taskId: taskIdOf(1) },
      definition: { family: 'web' },
      known: { status: 'RUNNING', pause: null, containers: [{ name: 'app', phase: 'RUNNING', restartCount: 0 }] },
    });
    expect(agent.core.task(taskIdOf(1))).toBe(seen);
    expect(agent.core.task(taskIdOf(2))).toBeUndefined();
  });

  test('nothing is started before the host is listed', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    const [opened, listing] = agent.core.drain();
    expect([opened?.kind, listing?.kind]).toEqual(['read-wanted', 'take-inventory']);
    agent.core.wantedAnswered(1, { version: 1, tasks: [wantedTaskOf(1)], next: null }, agent.now);
    expect(agent.core.drain()).toMatchObject([{ kind: 'open-session', attempt: 2 }]);
    agent.core.sessionAnswered(2, sessionAnswer(), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.core.inventoryFailed(agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.elapse(1000);
    expect(agent.runtime.starts).toHaveLength(1);
  });

  test('a difference adds and stops', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    agent.core.assign(assignMessage(1, 3, wantedTaskOf(2), stoppingTaskOf(1)), agent.now);
    agent.settle();
    expect(agent.phases).toEqual(['STOPPED', 'RUNNING']);
  });

  test('no more starts at once than allowed, and all in the end', () => {
    const agent = new ScriptedAgent(new ModelRuntime(), { startsInFlightMax: 2 });
    agent.holdSteps = true;
    agent.start(1, ...Array.from({ length: 5 }, (_, index) => wantedTaskOf(index)));
    let inFlightMax = 0;
    while (agent.has('step')) {
      const starting = agent.outputs.filter(
        (output) => output.kind === 'step' && (output.call.call === 'create' || output.call.call === 'start'),
      );
      inFlightMax = Math.max(inFlightMax, starting.length);
      agent.perform(agent.take('step'));
      agent.settle();
    }
    expect(inFlightMax).toBe(2);
    expect(agent.runtime.starts).toHaveLength(5);
  });

  test('a container that is made is started before the next one is made', () => {
    const agent = new ScriptedAgent(new ModelRuntime(), { startsInFlightMax: 1 });
    agent.holdSteps = true;
    agent.start(1, wantedTaskOf(1), wantedTaskOf(2));
    const calls: string[] = [];
    while (agent.has('step')) {
      const order = agent.take('step');
      calls.push(`${order.call.call} ${Number(`0x${order.taskId}`)}`);
      agent.perform(order);
      agent.settle();
    }
    expect(calls.filter((call) => !call.startsWith('pull'))).toEqual(['create 1', 'start 1', 'create 2', 'start 2']);
  });
});

describe('directives twice, late, never', () => {
  test('twice changes nothing', () => {
    const agent = new ScriptedAgent();
    agent.start(1);
    for (let i = 0; i < 2; i++) agent.core.assign(assignMessage(1, 2, wantedTaskOf(1)), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(1);
    expect(agent.has('read-wanted')).toBe(false);
  });

  test('late after its stop changes nothing', () => {
    const agent = new ScriptedAgent();
    agent.start(1);
    agent.core.assign(assignMessage(1, 2, wantedTaskOf(1)), agent.now);
    agent.core.assign(assignMessage(2, 3, stoppingTaskOf(1)), agent.now);
    agent.core.assign(assignMessage(1, 2, wantedTaskOf(1)), agent.now);
    agent.settle();
    expect(agent.phases.filter((phase) => phase === 'RUNNING')).toEqual([]);
  });

  test('a gap asks for the whole set, once', () => {
    const agent = new ScriptedAgent();
    agent.start(1);
    agent.core.assign(assignMessage(2, 3, wantedTaskOf(2)), agent.now);
    agent.core.assign(assignMessage(3, 4, wantedTaskOf(3)), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.accept(scriptedSession(4, [wantedTaskOf(1), wantedTaskOf(2), wantedTaskOf(3)]));
    expect(agent.runtime.starts).toHaveLength(3);
    expect(agent.has('read-wanted')).toBe(false);
  });

  test('an empty difference to another version is a request to ask for the whole set', () => {
    const agent = new ScriptedAgent();
    agent.start(5);
    agent.core.assign(assignMessage(5, 5), agent.now);
    agent.settle();
    expect(agent.has('read-wanted')).toBe(false);
    agent.core.assign(assignMessage(7, 7), agent.now);
    agent.settle();
    expect(agent.has('read-wanted')).toBe(true);
  });

  test('an older term is ignored', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    agent.settle();
    agent.accept({ ...scriptedSession(1, []), term: 4 });
    agent.core.assign({ ...assignMessage(1, 2, wantedTaskOf(1)), term: 3 }, agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.core.assign({ ...assignMessage(1, 2, wantedTaskOf(1)), term: 5 }, agent.now);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(1);
  });

  test('differences that overtake the session answer are kept for after it', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    agent.settle();
    agent.core.assign(assignMessage(1, 2, wantedTaskOf(2)), agent.now);
    agent.core.assign(assignMessage(0, 1, wantedTaskOf(1)), agent.now);
    agent.accept(scriptedSession(1, [wantedTaskOf(1)]));
    expect(agent.runtime.starts).toHaveLength(2);
    expect(agent.has('read-wanted')).toBe(false);
  });

  test('a task that ended here is never started again, even if it is wanted again after its clean-up', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    agent.core.assign(assignMessage(1, 2, stoppingTaskOf(1)), agent.now);
    agent.settle();
    agent.takeReports();
    while (agent.has('report')) agent.takeReports();
    agent.elapse(60_000);
    expect(agent.runtime.containers.size).toBe(0);
    agent.core.assign(assignMessage(2, 3, wantedTaskOf(1)), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(1);
    expect(agent.takeReports()).toMatchObject([{ taskId: taskIdOf(1), knownStatus: 'STOPPED' }]);
  });
});

describe('sessions', () => {
  test('no answer: asked again, with growing pauses that end', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    agent.settle();
    const pauses: number[] = [];
    for (let i = 0; i < 12; i++) {
      agent.core.wantedAnswered(agent.take('read-wanted').attempt, null, agent.now);
      agent.settle();
      const before = agent.now;
      while (!agent.has('read-wanted')) agent.elapse(Math.max(1, (agent.core.nextDeadline() ?? 0) - agent.now));
      pauses.push(agent.now - before);
    }
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(75);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(6251);
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? 0);
  });

  test('an answer that never comes counts as lost; one that comes late is ignored', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    agent.settle();
    const first = agent.take('read-wanted').attempt;
    agent.elapse(5000);
    agent.elapse(200);
    agent.core.wantedAnswered(first, { version: 1, tasks: [wantedTaskOf(1)], next: null }, agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.accept(scriptedSession(2, [wantedTaskOf(2)]));
    expect(agent.runtime.starts).toEqual([`${taskIdOf(2)}/app`]);
  });

  test('an answer of a writer that was replaced is not acted upon', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    agent.core.assign({ ...assignMessage(1, 2, wantedTaskOf(2)), term: 7 }, agent.now);
    agent.core.connectionLost(agent.now);
    agent.core.connectionUp(agent.now);
    agent.elapse(100);
    agent.accept({ ...scriptedSession(0, []), term: 6 });
    expect(agent.phases).toEqual(['RUNNING', 'RUNNING']);
  });

  test('an answer is not acted upon once a newer writer was heard of, also while the session opens', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    agent.settle();
    agent.core.assign({ ...assignMessage(3, 3), term: 34 }, agent.now);
    agent.accept({ ...scriptedSession(2, [wantedTaskOf(1)]), term: 33 });
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
  });

  test('tasks that the whole set does not have are stopped, removed, and not reported', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1), wantedTaskOf(2));
    agent.takeReports();
    agent.core.connectionLost(agent.now);
    agent.elapse(10_000);
    expect(agent.phases).toEqual(['RUNNING', 'RUNNING']);
    agent.core.connectionUp(agent.now);
    agent.elapse(100);
    agent.accept(scriptedSession(9, [wantedTaskOf(2)]));
    expect(agent.phases).toEqual(['STOPPED', 'RUNNING']);
    expect(agent.has('report')).toBe(false);
    agent.elapse(60_000);
    expect(agent.phases).toEqual(['RUNNING']);
  });

  test('deregistered: everything stops; asked again much later', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    agent.takeReports();
    agent.core.assign(assignMessage(3, 3), agent.now);
    agent.settle();
    const refusal = { error: { code: 'InstanceInactive', message: 'The container instance is INACTIVE.' } };
    agent.core.wantedAnswered(agent.take('read-wanted').attempt, refusal, agent.now);
    agent.settle();
    expect(agent.phases).toEqual(['STOPPED']);
    agent.elapse(30_000);
    expect(agent.has('read-wanted')).toBe(false);
    agent.elapse(60_000);
    expect(agent.has('read-wanted')).toBe(true);
  });

  test('any other refusal changes nothing but the time of the next attempt', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    agent.core.assign(assignMessage(3, 3), agent.now);
    agent.settle();
    const refusal = { error: { code: 'ClusterNotFoundException', message: 'Cluster not found.' } };
    agent.core.wantedAnswered(agent.take('read-wanted').attempt, refusal, agent.now);
    agent.settle();
    expect(agent.phases).toEqual(['RUNNING']);
    agent.elapse(1000);
    expect(agent.has('read-wanted')).toBe(true);
  });

  test('a fenced agent touches nothing until its session is open again', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    const refusal = { error: { code: 'SessionFenced', message: 'A later session exists.' } };
    agent.core.reportAnswered(agent.take('report').requestId, refusal, agent.now);
    const [container] = agent.runtime.containers.values();
    if (container !== undefined) agent.runtime.exit(container, 1, agent.now);
    agent.holdSteps = true;
    agent.core.containerEvent({ taskId: taskIdOf(1), containerName: 'app' }, agent.now);
    agent.elapse(700);
    expect(agent.has('step')).toBe(false);
    expect(agent.has('report')).toBe(false);
    expect(agent.has('read-wanted')).toBe(false);
    agent.elapse(1000);
    agent.accept(scriptedSession(1, [wantedTaskOf(1)]));
    expect(agent.take('step').call.call).toBe('inspect');
  });

  test('heartbeats carry the version, and only while there is a session', () => {
    const agent = new ScriptedAgent();
    agent.start(6);
    agent.elapse(2000);
    expect(agent.take('heartbeat').heartbeat).toEqual({ sessionId: 'session-1', version: 6 });
    agent.core.connectionLost(agent.now);
    agent.elapse(10_000);
    expect(agent.has('heartbeat')).toBe(false);
  });
});

describe('reports', () => {
  test('the newest state of each task, one request at a time', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    const first = agent.take('report');
    agent.core.assign(assignMessage(1, 2, stoppingTaskOf(1)), agent.now);
    agent.settle();
    expect(agent.has('report')).toBe(false);
    agent.core.reportAnswered(first.requestId, { accepted: true, term: 1 }, agent.now);
    agent.settle();
    expect(agent.takeReports()).toMatchObject([
      { knownStatus: 'STOPPED', containers: [{ exitCode: 143, lastStatus: 'STOPPED' }], executionStoppedAt: agent.now },
    ]);
    expect(agent.has('report')).toBe(false);
  });

  test('repeated until answered, in its newest state', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    agent.core.reportAnswered(agent.take('report').requestId, null, agent.now);
    agent.settle();
    expect(agent.has('report')).toBe(false);
    agent.elapse(100);
    const lost = agent.take('report');
    agent.elapse(5000);
    agent.elapse(200);
    const again = agent.take('report');
    // The answer to a request that was given up comes late: it settles nothing.
    agent.core.reportAnswered(lost.requestId, { accepted: true, term: 1 }, agent.now);
    agent.core.reportAnswered(again.requestId, { accepted: true, term: 1 }, agent.now);
    agent.elapse(60_000);
    expect(agent.has('report')).toBe(false);
  });

  test('a lost connection repeats what was on its way, after the session is back', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
    agent.take('report');
    agent.core.connectionLost(agent.now);
    agent.core.connectionUp(agent.now);
    agent.elapse(100);
    expect(agent.has('report')).toBe(false);
    agent.accept(scriptedSession(1, [wantedTaskOf(1)]));
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'RUNNING' }]);
  });

  test('at most so many a request', () => {
    const agent = new ScriptedAgent();
    agent.start(1, ...Array.from({ length: REPORTS_PER_REQUEST_MAX + 5 }, (_, index) => wantedTaskOf(index)));
    const sizes = [];
    while (agent.has('report')) sizes.push(agent.takeReports().length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(REPORTS_PER_REQUEST_MAX + 5);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(REPORTS_PER_REQUEST_MAX);
  });

  test('one report that is refused as malformed does not hold up the others', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, wantedTaskOf(1), wantedTaskOf(2), wantedTaskOf(3));
    agent.holdSteps = false;
    const steps = agent.outputs.splice(0);
    for (const output of steps) if (output.kind === 'step') agent.perform(output);
    agent.settle();
    const refusal = { error: { code: 'InvalidParameterException', message: 'not a report' } };
    const durable: string[] = [];
    for (let requests = 0; agent.has('report') && requests < 20; requests++) {
      const { requestId, request } = agent.take('report');
      const poisoned = request.reports.some(({ taskId }) => taskId === taskIdOf(2));
      if (!poisoned) durable.push(...request.reports.map(({ taskId }) => taskId));
      agent.core.reportAnswered(requestId, poisoned ? refusal : { accepted: true, term: 1 }, agent.now);
      agent.settle();
    }
    expect(durable.toSorted()).toEqual([taskIdOf(1), taskIdOf(3)]);
    expect(agent.take('notice').text).toContain(taskIdOf(2));
  });
});
