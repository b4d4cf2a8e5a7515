import { describe, expect, test } from '@jest/globals';
import { REPORTS_PER_REQUEST_MAX } from '#libs/ecs/messages';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { assignMessage, ScriptedAgent, scriptedSession, sessionAnswer } from '../spec/scripted-agent.ts';

const task = (index: number, members = {}) => wantedTask({ taskId: taskIdOf(index), ...members });
const stop = (index: number) => task(index, { desiredStatus: 'STOPPED' });

function phases(agent: ScriptedAgent): readonly string[] {
  return [...agent.runtime.containers.values()].map(({ phase }) => phase);
}

describe('from a session to running containers', () => {
  test('the wanted set is started and reported', () => {
    const agent = new ScriptedAgent();
    agent.start(3, task(1), task(2));
    expect(phases(agent)).toEqual(['RUNNING', 'RUNNING']);
    expect(agent.takeReports()).toMatchObject([
      { taskId: taskIdOf(1), knownStatus: 'RUNNING', containers: [{ name: 'app', lastStatus: 'RUNNING' }] },
      { taskId: taskIdOf(2), knownStatus: 'RUNNING', startedAt: agent.now },
    ]);
    expect(agent.has('report')).toBe(false);
  });

  test('the tasks of the host can be read, with what is wanted and what is known of them', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
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
    agent.core.wantedAnswered(1, { version: 1, tasks: [task(1)], next: null }, agent.now);
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
    agent.start(1, task(1));
    agent.core.assign(assignMessage(1, 3, task(2), stop(1)), agent.now);
    agent.settle();
    expect(phases(agent)).toEqual(['STOPPED', 'RUNNING']);
  });

  test('no more starts at once than allowed, and all in the end', () => {
    const agent = new ScriptedAgent(new ModelRuntime(), { startsInFlightMax: 2 });
    agent.holdSteps = true;
    agent.start(1, ...Array.from({ length: 5 }, (_, index) => task(index)));
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
    agent.start(1, task(1), task(2));
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
    for (let i = 0; i < 2; i++) agent.core.assign(assignMessage(1, 2, task(1)), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(1);
    expect(agent.has('read-wanted')).toBe(false);
  });

  test('late after its stop changes nothing', () => {
    const agent = new ScriptedAgent();
    agent.start(1);
    agent.core.assign(assignMessage(1, 2, task(1)), agent.now);
    agent.core.assign(assignMessage(2, 3, stop(1)), agent.now);
    agent.core.assign(assignMessage(1, 2, task(1)), agent.now);
    agent.settle();
    expect(phases(agent).filter((phase) => phase === 'RUNNING')).toEqual([]);
  });

  test('a gap asks for the whole set, once', () => {
    const agent = new ScriptedAgent();
    agent.start(1);
    agent.core.assign(assignMessage(2, 3, task(2)), agent.now);
    agent.core.assign(assignMessage(3, 4, task(3)), agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.accept(scriptedSession(4, [task(1), task(2), task(3)]));
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
    agent.core.assign({ ...assignMessage(1, 2, task(1)), term: 3 }, agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.core.assign({ ...assignMessage(1, 2, task(1)), term: 5 }, agent.now);
    agent.settle();
    expect(agent.runtime.starts).toHaveLength(1);
  });

  test('differences that overtake the session answer are kept for after it', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    agent.settle();
    agent.core.assign(assignMessage(1, 2, task(2)), agent.now);
    agent.core.assign(assignMessage(0, 1, task(1)), agent.now);
    agent.accept(scriptedSession(1, [task(1)]));
    expect(agent.runtime.starts).toHaveLength(2);
    expect(agent.has('read-wanted')).toBe(false);
  });

  test('a task that ended here is never started again, even if it is wanted again after its clean-up', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
    agent.core.assign(assignMessage(1, 2, stop(1)), agent.now);
    agent.settle();
    agent.takeReports();
    while (agent.has('report')) agent.takeReports();
    agent.elapse(60_000);
    expect(agent.runtime.containers.size).toBe(0);
    agent.core.assign(assignMessage(2, 3, task(1)), agent.now);
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
    agent.core.wantedAnswered(first, { version: 1, tasks: [task(1)], next: null }, agent.now);
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
    agent.accept(scriptedSession(2, [task(2)]));
    expect(agent.runtime.starts).toEqual([`${taskIdOf(2)}/app`]);
  });

  test('an answer of a writer that was replaced is not acted upon', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
    agent.core.assign({ ...assignMessage(1, 2, task(2)), term: 7 }, agent.now);
    agent.core.connectionLost(agent.now);
    agent.core.connectionUp(agent.now);
    agent.elapse(100);
    agent.accept({ ...scriptedSession(0, []), term: 6 });
    expect(phases(agent)).toEqual(['RUNNING', 'RUNNING']);
  });

  test('an answer is not acted upon once a newer writer was heard of, also while the session opens', () => {
    const agent = new ScriptedAgent();
    agent.core.connectionUp(agent.now);
    agent.settle();
    agent.core.assign({ ...assignMessage(3, 3), term: 34 }, agent.now);
    agent.accept({ ...scriptedSession(2, [task(1)]), term: 33 });
    agent.settle();
    expect(agent.runtime.starts).toEqual([]);
  });

  test('tasks that the whole set does not have are stopped, removed, and not reported', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1), task(2));
    agent.takeReports();
    agent.core.connectionLost(agent.now);
    agent.elapse(10_000);
    expect(phases(agent)).toEqual(['RUNNING', 'RUNNING']);
    agent.core.connectionUp(agent.now);
    agent.elapse(100);
    agent.accept(scriptedSession(9, [task(2)]));
    expect(phases(agent)).toEqual(['STOPPED', 'RUNNING']);
    expect(agent.has('report')).toBe(false);
    agent.elapse(60_000);
    expect(phases(agent)).toEqual(['RUNNING']);
  });

  test('deregistered: everything stops; asked again much later', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
    agent.takeReports();
    agent.core.assign(assignMessage(3, 3), agent.now);
    agent.settle();
    const refusal = { error: { code: 'InstanceInactive', message: 'The container instance is INACTIVE.' } };
    agent.core.wantedAnswered(agent.take('read-wanted').attempt, refusal, agent.now);
    agent.settle();
    expect(phases(agent)).toEqual(['STOPPED']);
    agent.elapse(30_000);
    expect(agent.has('read-wanted')).toBe(false);
    agent.elapse(60_000);
    expect(agent.has('read-wanted')).toBe(true);
  });

  test('any other refusal changes nothing but the time of the next attempt', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
    agent.core.assign(assignMessage(3, 3), agent.now);
    agent.settle();
    const refusal = { error: { code: 'ClusterNotFoundException', message: 'Cluster not found.' } };
    agent.core.wantedAnswered(agent.take('read-wanted').attempt, refusal, agent.now);
    agent.settle();
    expect(phases(agent)).toEqual(['RUNNING']);
    agent.elapse(1000);
    expect(agent.has('read-wanted')).toBe(true);
  });

  test('a fenced agent touches nothing until its session is open again', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
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
    agent.accept(scriptedSession(1, [task(1)]));
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
    agent.start(1, task(1));
    const first = agent.take('report');
    agent.core.assign(assignMessage(1, 2, stop(1)), agent.now);
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
    agent.start(1, task(1));
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
    agent.start(1, task(1));
    agent.take('report');
    agent.core.connectionLost(agent.now);
    agent.core.connectionUp(agent.now);
    agent.elapse(100);
    expect(agent.has('report')).toBe(false);
    agent.accept(scriptedSession(1, [task(1)]));
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'RUNNING' }]);
  });

  test('at most so many a request', () => {
    const agent = new ScriptedAgent();
    agent.start(1, ...Array.from({ length: REPORTS_PER_REQUEST_MAX + 5 }, (_, index) => task(index)));
    const sizes = [];
    while (agent.has('report')) sizes.push(agent.takeReports().length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(REPORTS_PER_REQUEST_MAX + 5);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(REPORTS_PER_REQUEST_MAX);
  });

  test('one report that is refused as malformed does not hold up the others', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, task(1), task(2), task(3));
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

describe('what happens on the host', () => {
  test('a container that exits ends its task', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
    agent.takeReports();
    const [container] = agent.runtime.containers.values();
    if (container !== undefined) agent.runtime.exit(container, 7, agent.now);
    agent.core.containerEvent({ taskId: taskIdOf(1), containerName: 'app' }, agent.now);
    agent.settle();
    expect(agent.takeReports()).toMatchObject([
      {
        knownStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        reason: 'Essential container in task exited',
        containers: [{ exitCode: 7 }],
      },
    ]);
  });

  test('a task that does not keep to its limits ends, once and with the reason', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1));
    agent.takeReports();
    for (const taskId of [taskIdOf(1), taskIdOf(1), taskIdOf(2)]) {
      agent.core.overrun(taskId, `ResourceExhaustedError: at ${agent.now}`, agent.now);
      agent.now += 1;
    }
    agent.settle();
    expect(agent.takeReports().at(-1)).toMatchObject({
      stopCode: 'EssentialContainerExited',
      reason: `ResourceExhaustedError: at ${agent.now - 3}`,
    });
  });

  test('a lost event is found by the next list', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1), task(2));
    agent.takeReports();
    const [first, second] = agent.runtime.containers.values();
    if (first !== undefined) agent.runtime.exit(first, 1, agent.now);
    if (second !== undefined) agent.runtime.containers.delete(second.runtimeId);
    agent.elapse(30_000);
    expect(agent.takeReports()).toMatchObject([
      { containers: [{ reason: expect.stringContaining('ContainerVanishedError') }], knownStatus: 'STOPPED' },
      { containers: [{ exitCode: 1 }], knownStatus: 'STOPPED' },
    ]);
  });

  test('SIGTERM, stopTimeout, SIGKILL', () => {
    const agent = new ScriptedAgent();
    agent.runtime.obedient = false;
    agent.start(1, task(1));
    agent.takeReports();
    agent.core.assign(assignMessage(1, 2, stop(1)), agent.now);
    agent.settle();
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPING' }]);
    agent.elapse(29_999);
    expect(phases(agent)).toEqual(['RUNNING']);
    agent.elapse(1);
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPED', containers: [{ exitCode: 137 }] }]);
    expect(agent.runtime.killedWithoutSignal).toEqual([]);
  });

  test('a pull that failed for good ends the task with its reason', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, task(1));
    const detail = 'pull access denied for app';
    agent.core.stepDone(
      agent.take('step').stepId,
      { kind: 'failed', name: 'CannotPullContainerError', detail, retry: false },
      agent.now,
    );
    agent.settle();
    expect(agent.takeReports()).toMatchObject([
      { knownStatus: 'STOPPED', stopCode: 'TaskFailedToStart', reason: `CannotPullContainerError: ${detail}` },
    ]);
  });

  test('a pull that may succeed later is tried five times', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, task(1));
    let pulls = 0;
    while (agent.has('step')) {
      pulls += 1;
      agent.core.stepDone(
        agent.take('step').stepId,
        { kind: 'failed', name: 'CannotPullContainerError', detail: 'registry away', retry: true },
        agent.now,
      );
      agent.elapse(5000);
    }
    expect(pulls).toBe(5);
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPED' }]);
  });

  test('a task that must stop does not wait for a pull, and a pull that ends later makes nothing', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, task(1));
    const pull = agent.take('step');
    agent.core.assign(assignMessage(1, 2, stop(1)), agent.now);
    agent.settle();
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPED' }]);
    agent.holdSteps = false;
    agent.perform(pull);
    agent.settle();
    expect(agent.runtime.containers.size).toBe(0);
  });

  test('a start whose answer is lost is looked at, not repeated', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, task(1));
    for (let i = 0; i < 2; i++) {
      agent.perform(agent.take('step'));
      agent.settle();
    }
    const start = agent.take('step');
    expect(start.call.call).toBe('start');
    agent.runtime.perform(start.call, agent.now);
    const [container] = agent.runtime.containers.values();
    if (container !== undefined) agent.runtime.exit(container, 0, agent.now);
    agent.core.stepDone(
      start.stepId,
      { kind: 'failed', name: 'DockerTimeoutError', detail: 'no answer', retry: true },
      agent.now,
    );
    agent.holdSteps = false;
    agent.elapse(200);
    expect(agent.runtime.starts).toHaveLength(1);
    expect(agent.takeReports()).toMatchObject([
      { knownStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] },
    ]);
  });

  test('a creation whose answer is lost makes no second container', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, task(1));
    agent.perform(agent.take('step'));
    agent.settle();
    const create = agent.take('step');
    agent.runtime.perform(create.call, agent.now);
    agent.core.stepDone(
      create.stepId,
      { kind: 'failed', name: 'DockerTimeoutError', detail: 'no answer', retry: true },
      agent.now,
    );
    agent.holdSteps = false;
    agent.elapse(200);
    expect(phases(agent)).toEqual(['RUNNING']);
  });
});

describe('a new process on a host with containers', () => {
  function restarted(before: ScriptedAgent): ScriptedAgent {
    const agent = new ScriptedAgent(before.runtime, { sessionId: 'session-2' });
    agent.now = before.now + 1000;
    return agent;
  }

  test('adopts what runs and reports it', () => {
    const before = new ScriptedAgent();
    before.start(1, task(1));
    const agent = restarted(before);
    agent.start(1, task(1, { lastStatus: 'RUNNING' }));
    expect(agent.runtime.starts).toHaveLength(1);
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'RUNNING', startedAt: before.now }]);
  });

  test('finishes what was begun', () => {
    const before = new ScriptedAgent();
    before.holdSteps = true;
    before.start(1, task(1));
    for (let i = 0; i < 2; i++) {
      before.perform(before.take('step'));
      before.settle();
    }
    const agent = restarted(before);
    agent.start(1, task(1));
    expect(phases(agent)).toEqual(['RUNNING']);
  });

  test('without a control plane everything runs on', () => {
    const before = new ScriptedAgent();
    before.start(1, task(1), task(2));
    const agent = restarted(before);
    agent.settle();
    agent.elapse(600_000);
    expect(phases(agent)).toEqual(['RUNNING', 'RUNNING']);
  });

  test('what ended in between is reported; what is not wanted goes', () => {
    const before = new ScriptedAgent();
    before.start(1, task(1), task(2));
    const [first] = before.runtime.containers.values();
    if (first !== undefined) before.runtime.exit(first, 5, before.now);
    const agent = restarted(before);
    agent.start(4, task(1, { lastStatus: 'RUNNING' }));
    expect(phases(agent)).toEqual(['STOPPED', 'STOPPED']);
    expect(agent.takeReports()).toMatchObject([
      { taskId: taskIdOf(1), knownStatus: 'STOPPED', containers: [{ exitCode: 5 }] },
    ]);
    agent.elapse(60_000);
    expect(agent.runtime.containers.size).toBe(0);
  });

  test('a task that ran and whose containers are gone is reported, not started', () => {
    const agent = new ScriptedAgent();
    agent.start(1, task(1, { lastStatus: 'RUNNING' }));
    expect(agent.runtime.starts).toEqual([]);
    expect(agent.takeReports()).toMatchObject([
      { knownStatus: 'STOPPED', containers: [{ reason: expect.stringContaining('ContainerVanishedError') }] },
    ]);
  });
});
