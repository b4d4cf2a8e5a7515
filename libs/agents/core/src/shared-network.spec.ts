import { describe, expect, test } from '@jest/globals';
import type { TaskReport } from '#libs/ecs/messages';
import { containerDefinition, taskDefinition, taskIdOf, wantedTask } from '../spec/builders.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { assignMessage, ScriptedAgent } from '../spec/scripted-agent.ts';
import type { AgentCoreOptions } from './agent-output.ts';
import { ADDRESS_ATTEMPTS_MAX } from './limits.ts';
import { PAUSE_CONTAINER_NAME } from './pause-container.ts';

const definition = {
  ...taskDefinition(containerDefinition('app'), containerDefinition('side', { essential: false })),
  networkMode: 'awsvpc',
} as const;
const network = { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false };
const wanted = wantedTask({ lastStatus: 'PROVISIONING', network });
const networkInterface = { subnetId: 'subnet-1', macAddress: '02:00:00:00:00:01', privateIpv4Address: '10.0.0.1' };

function agentOn(runtime = new ModelRuntime(), options: Partial<AgentCoreOptions> = {}): ScriptedAgent {
  return new ScriptedAgent(runtime, options, definition);
}

function stop(agent: ScriptedAgent): void {
  agent.core.assign(assignMessage(1, 2, { ...wanted, desiredStatus: 'STOPPED' }), agent.now);
  agent.settle();
}

function pauseOf(agent: ScriptedAgent) {
  const pause = [...agent.runtime.containers.values()].find(
    ({ containerName }) => containerName === PAUSE_CONTAINER_NAME,
  );
  if (pause === undefined) throw new Error('the task has a pause container');
  return pause;
}

describe('a task with an address of its own', () => {
  test('PROVISIONING until it has the address, which is reported from PENDING on', () => {
    const agent = agentOn();
    agent.holdSteps = true;
    agent.start(1, wanted);
    const calls: string[] = [];
    for (let isAddressed = false; !isAddressed; isAddressed = agent.has('report')) {
      const order = agent.take('step');
      calls.push(order.call.call);
      agent.perform(order);
      agent.settle();
    }
    expect(calls).toEqual(['create', 'start']);
    expect(agent.takeReports()).toMatchObject([
      {
        knownStatus: 'PENDING',
        networkInterface,
        containers: [
          { name: 'app', lastStatus: 'PENDING' },
          { name: 'side', lastStatus: 'PENDING' },
        ],
      },
    ]);
    agent.holdSteps = false;
    agent.perform(agent.take('step'));
    agent.settle();
    expect(agent.runtime.starts.map((start) => start.split('/')[1])).toEqual([PAUSE_CONTAINER_NAME, 'app', 'side']);
    const report = agent.takeAllReports().at(-1);
    expect(report).toMatchObject({ knownStatus: 'RUNNING', networkInterface });
    expect(report?.containers.map(({ name }) => name)).toEqual(['app', 'side']);
  });

  test('its end: STOPPING, DEPROVISIONING, STOPPED; the pause container is gone at once, the others later', () => {
    const agent = agentOn();
    agent.runtime.obedient = false;
    agent.start(1, wanted);
    agent.takeAllReports();
    stop(agent);
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'STOPPING' }]);
    agent.holdSteps = true;
    agent.elapse(30_000);
    const statuses: string[] = [];
    while (agent.has('step')) {
      agent.perform(agent.take('step'));
      agent.settle();
      if (agent.has('report')) statuses.push(...agent.takeReports().map(({ knownStatus }) => knownStatus));
    }
    expect(statuses).toEqual(['STOPPING', 'DEPROVISIONING', 'STOPPED']);
    const left = [...agent.runtime.containers.values()].map(({ containerName }) => containerName);
    expect(left).toEqual(['app', 'side']);
    expect(agent.runtime.killedWithoutSignal).toEqual([]);
    agent.holdSteps = false;
    agent.elapse(60_000);
    expect(agent.runtime.containers.size).toBe(0);
  });

  test('someone kills its pause container: the task ends and says why', () => {
    const agent = agentOn();
    agent.start(1, wanted);
    agent.takeAllReports();
    agent.runtime.exit(pauseOf(agent), 137, agent.now);
    agent.core.containerEvent({ taskId: wanted.taskId, containerName: PAUSE_CONTAINER_NAME }, agent.now);
    agent.settle();
    expect(agent.takeAllReports().at(-1)).toMatchObject({
      knownStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      reason: 'ContainerNetworkingError: the container that holds the network of the task has ended',
    });
  });

  test('no address is to be had', () => {
    const agent = agentOn();
    agent.holdSteps = true;
    agent.start(1, wanted);
    const detail = 'no free address in subnet-1';
    const { stepId } = agent.take('step');
    const result = { kind: 'failed', name: 'ContainerNetworkingError', detail, retry: false } as const;
    agent.core.stepDone(stepId, result, agent.now);
    agent.settle();
    expect(agent.takeReports()).toMatchObject([
      { knownStatus: 'STOPPED', stopCode: 'TaskFailedToStart', reason: `ContainerNetworkingError: ${detail}` },
    ]);
  });

  test('a runtime that never gives one is asked so often', () => {
    const agent = agentOn();
    agent.holdSteps = true;
    agent.start(1, wanted);
    const calls: string[] = [];
    const reports: TaskReport[] = [];
    while (agent.has('step')) {
      const { stepId, call } = agent.take('step');
      calls.push(call.call);
      const phase = call.call === 'start' ? ('RUNNING' as const) : ('CREATED' as const);
      const observation = { runtimeId: 'pause', phase, ...(phase === 'RUNNING' ? { startedAt: agent.now } : {}) };
      agent.core.stepDone(stepId, { kind: 'done', ...(call.call === 'remove' ? {} : { observation }) }, agent.now);
      agent.elapse(10_000);
      reports.push(...agent.takeAllReports());
    }
    const starts = calls.filter((call) => call === 'start');
    expect(starts).toHaveLength(ADDRESS_ATTEMPTS_MAX);
    expect(calls.at(-1)).toBe('remove');
    expect(reports.map(({ knownStatus }) => knownStatus)).toEqual(['DEPROVISIONING', 'STOPPED']);
    expect(reports.at(-1)).toMatchObject({
      stopCode: 'TaskFailedToStart',
      reason: 'ContainerNetworkingError: the container runtime gave the task no network interface',
    });
  });
});

describe('a new process on the host', () => {
  function restarted(before: ScriptedAgent, lastStatus: 'PENDING' | 'RUNNING'): ScriptedAgent {
    const agent = agentOn(before.runtime, { sessionId: 'session-2' });
    agent.now = before.now + 1000;
    agent.start(1, { ...wanted, lastStatus });
    return agent;
  }

  test('finds the pause container and the address', () => {
    const before = agentOn();
    before.start(1, wanted);
    const agent = restarted(before, 'RUNNING');
    expect(agent.runtime.starts).toHaveLength(3);
    expect(agent.takeReports()).toMatchObject([{ knownStatus: 'RUNNING', networkInterface }]);
    const [seen] = agent.core.tasks();
    expect(seen?.known.pause).toMatchObject({ name: PAUSE_CONTAINER_NAME, phase: 'RUNNING' });
  });

  test('goes on where the other one died: the pause container stands, and nothing else', () => {
    const before = agentOn();
    before.holdSteps = true;
    before.start(1, wanted);
    before.perform(before.take('step'));
    const agent = restarted(before, 'PENDING');
    expect(agent.runtime.starts).toHaveLength(3);
    expect(agent.takeAllReports().at(-1)).toMatchObject({ knownStatus: 'RUNNING', networkInterface });
  });

  test('a pause container that went with the other process ends its task', () => {
    const before = agentOn();
    before.start(1, wanted);
    before.runtime.containers.delete(pauseOf(before).runtimeId);
    const agent = restarted(before, 'RUNNING');
    expect(agent.takeAllReports().at(-1)).toMatchObject({
      knownStatus: 'STOPPED',
      reason: expect.stringContaining('ContainerNetworkingError'),
    });
  });

  test('what is not wanted any more goes with its pause container', () => {
    const before = agentOn();
    before.start(1, wanted);
    const agent = agentOn(before.runtime, { sessionId: 'session-2' });
    agent.now = before.now + 1000;
    agent.start(2, wantedTask({ taskId: taskIdOf(7), network }));
    const left = [...agent.runtime.containers.values()].filter(({ taskId }) => taskId === wanted.taskId);
    expect(left.map(({ containerName, phase }) => [containerName, phase])).toEqual([
      ['app', 'STOPPED'],
      ['side', 'STOPPED'],
    ]);
  });
});
