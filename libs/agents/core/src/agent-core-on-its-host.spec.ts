import { describe, expect, test } from '@jest/globals';
import { stoppingTaskOf, taskIdOf, wantedTaskOf } from '../spec/builders.ts';
import { assignMessage, ScriptedAgent } from '../spec/scripted-agent.ts';

describe('what happens on the host', () => {
  test('a container that exits ends its task', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1));
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
    agent.start(1, wantedTaskOf(1));
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
    agent.start(1, wantedTaskOf(1), wantedTaskOf(2));
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
    agent.start(1, wantedTaskOf(1));
    agent.takeReports();
    agent.core.assign(assignMessage(1, 2, stoppingTaskOf(1)), agent.now);
    agent.settle();
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPING' }]);
    agent.elapse(29_999);
    expect(agent.phases).toEqual(['RUNNING']);
    agent.elapse(1);
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPED', containers: [{ exitCode: 137 }] }]);
    expect(agent.runtime.killedWithoutSignal).toEqual([]);
  });

  test('a pull that failed for good ends the task with its reason', () => {
    const agent = new ScriptedAgent();
    agent.holdSteps = true;
    agent.start(1, wantedTaskOf(1));
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
    agent.start(1, wantedTaskOf(1));
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
    agent.start(1, wantedTaskOf(1));
    const pull = agent.take('step');
    agent.core.assign(assignMessage(1, 2, stoppingTaskOf(1)), agent.now);
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
    agent.start(1, wantedTaskOf(1));
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
    agent.start(1, wantedTaskOf(1));
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
    expect(agent.phases).toEqual(['RUNNING']);
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
    before.start(1, wantedTaskOf(1));
    const agent = restarted(before);
    agent.start(1, wantedTaskOf(1, { lastStatus: 'RUNNING' }));
    expect(agent.runtime.starts).toHaveLength(1);
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'RUNNING', startedAt: before.now }]);
  });

  test('finishes what was begun', () => {
    const before = new ScriptedAgent();
    before.holdSteps = true;
    before.start(1, wantedTaskOf(1));
    for (let i = 0; i < 2; i++) {
      before.perform(before.take('step'));
      before.settle();
    }
    const agent = restarted(before);
    agent.start(1, wantedTaskOf(1));
    expect(agent.phases).toEqual(['RUNNING']);
  });

  test('without a control plane everything runs on', () => {
    const before = new ScriptedAgent();
    before.start(1, wantedTaskOf(1), wantedTaskOf(2));
    const agent = restarted(before);
    agent.settle();
    agent.elapse(600_000);
    expect(agent.phases).toEqual(['RUNNING', 'RUNNING']);
  });

  test('what ended in between is reported; what is not wanted goes', () => {
    const before = new ScriptedAgent();
    before.start(1, wantedTaskOf(1), wantedTaskOf(2));
    const [first] = before.runtime.containers.values();
    if (first !== undefined) before.runtime.exit(first, 5, before.now);
    const agent = restarted(before);
    agent.start(4, wantedTaskOf(1, { lastStatus: 'RUNNING' }));
    expect(agent.phases).toEqual(['STOPPED', 'STOPPED']);
    expect(agent.takeReports()).toMatchObject([
      { taskId: taskIdOf(1), knownStatus: 'STOPPED', containers: [{ exitCode: 5 }] },
    ]);
    agent.elapse(60_000);
    expect(agent.runtime.containers.size).toBe(0);
  });

  test('a task that ran and whose containers are gone is reported, not started', () => {
    const agent = new ScriptedAgent();
    agent.start(1, wantedTaskOf(1, { lastStatus: 'RUNNING' }));
    expect(agent.runtime.starts).toEqual([]);
    expect(agent.takeReports()).toMatchObject([
      { knownStatus: 'STOPPED', containers: [{ reason: expect.stringContaining('ContainerVanishedError') }] },
    ]);
  });
});
