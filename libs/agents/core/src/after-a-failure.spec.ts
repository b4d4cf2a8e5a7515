import { describe, expect, test } from '@jest/globals';
import type { TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { containerDefinition, taskDefinition, wantedTask } from '../spec/builders.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { assignMessage, ScriptedAgent } from '../spec/scripted-agent.ts';
import { INVENTORY_RETRY_MS } from './limits.ts';

const awsvpc = { ...taskDefinition(), networkMode: 'awsvpc' } as const;
const network = { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false };
const restartPolicy = { enabled: true, restartAttemptPeriod: 60 };
const restarting = taskDefinition(containerDefinition('app', { restartPolicy }));
const wanted = wantedTask({ network });
const running = { ...wanted, lastStatus: 'RUNNING' } as const;
const EXITED = { knownStatus: 'STOPPED', stopCode: 'EssentialContainerExited' } as const;

function agentWithTask(definition: TaskDefinition): ScriptedAgent {
  const agent = new ScriptedAgent(new ModelRuntime(), {}, definition);
  agent.start(1, wanted);
  agent.takeAllReports();
  return agent;
}

/** The next process on the host, so much later. */
function restarted(before: ScriptedAgent, afterMs: number, ...tasks: readonly WantedTask[]): ScriptedAgent {
  const agent = new ScriptedAgent(before.runtime, { sessionId: 'session-2' }, before.definition);
  agent.now = before.now + afterMs;
  agent.start(2, ...tasks);
  return agent;
}

function stop(agent: ScriptedAgent): void {
  agent.core.assign(assignMessage(1, 2, { ...wanted, desiredStatus: 'STOPPED' }), agent.now);
  agent.settle();
}

const phases = ({ runtime }: ScriptedAgent) => [...runtime.containers.values()].map(({ phase }) => phase);

describe('a machine that was switched off and on', () => {
  test.each([
    ['bridge', taskDefinition()],
    ['awsvpc', awsvpc],
  ] as const)('ends its tasks, and says so; nothing runs again (%s)', (_mode, definition) => {
    const before = agentWithTask(definition);
    const startsBefore = before.runtime.starts.length;
    before.runtime.endAll(255, before.now + 1000);
    const agent = restarted(before, 60_000, running);
    expect(agent.takeAllReports().at(-1)).toMatchObject({
      ...EXITED,
      reason: 'Essential container in task exited',
      containers: [{ exitCode: 255 }],
    });
    expect(agent.runtime.starts).toHaveLength(startsBefore);
    expect(phases(agent)).toEqual(['STOPPED']);
  });

  test('a container with a restart policy that ran long enough runs again, and its task has never ended', () => {
    const before = agentWithTask(restarting);
    before.runtime.endAll(255, before.now + 60_000);
    const agent = restarted(before, 120_000, running);
    const reports = agent.takeAllReports();
    expect(new Set(reports.map(({ knownStatus }) => knownStatus))).toEqual(new Set(['RUNNING']));
    // The log has when the task started; a container that was started again says something else.
    for (const report of reports) expect(report).not.toHaveProperty('startedAt');
    expect(agent.runtime.restarts).toHaveLength(1);
    expect(phases(agent)).toEqual(['RUNNING']);
  });
});

describe('an engine that is started again', () => {
  test('takes its containers with it: their tasks end, though no event has reported it', () => {
    const agent = agentWithTask(taskDefinition());
    agent.runtime.isAway = true;
    agent.elapse(30_000);
    agent.runtime.endAll(137, agent.now);
    agent.runtime.isAway = false;
    agent.core.runtimeReconnected(agent.now);
    agent.settle();
    expect(agent.takeAllReports()).toMatchObject([{ ...EXITED, containers: [{ exitCode: 137 }] }]);
  });

  test('a container with a restart policy runs again, and nothing else is reported of it', () => {
    const agent = agentWithTask(restarting);
    agent.elapse(60_000);
    agent.runtime.endAll(137, agent.now);
    agent.core.runtimeReconnected(agent.now);
    agent.settle();
    const reports = agent.takeAllReports();
    for (const { knownStatus, containers } of reports) {
      expect({ knownStatus, lastStatus: containers[0]?.lastStatus }).toEqual({
        knownStatus: 'RUNNING',
        lastStatus: 'RUNNING',
      });
      expect(containers[0]).not.toHaveProperty('exitCode');
    }
    expect([...agent.core.tasks()].map(({ known }) => known.containers[0]?.restartCount)).toEqual([1]);
    agent.elapse(59_999);
    agent.runtime.endAll(1, agent.now);
    agent.core.runtimeReconnected(agent.now);
    agent.settle();
    expect(agent.takeAllReports()).toMatchObject([{ ...EXITED, containers: [{ exitCode: 1 }] }]);
  });
});

describe('an engine that is away for minutes', () => {
  test('its containers run on, and nothing else is said of them', () => {
    const agent = agentWithTask(awsvpc);
    agent.runtime.isAway = true;
    agent.elapse(600_000);
    agent.runtime.isAway = false;
    agent.elapse(INVENTORY_RETRY_MS);
    expect(phases(agent)).toEqual(['RUNNING', 'RUNNING']);
    expect(agent.takeAllReports()).toEqual([]);
  });

  test('a stop that comes meanwhile is carried out when it is back, in the same order as ever', () => {
    const agent = agentWithTask(awsvpc);
    agent.runtime.isAway = true;
    stop(agent);
    agent.elapse(300_000);
    expect(phases(agent)).toEqual(['RUNNING', 'RUNNING']);
    agent.runtime.isAway = false;
    for (let second = 0; second < 60; second++) agent.elapse(1000);
    expect(agent.runtime.killedWithoutSignal).toEqual([]);
    expect(phases(agent)).toEqual(['STOPPED']);
    expect(agent.takeAllReports().at(-1)).toMatchObject({ knownStatus: 'STOPPED' });
  });

  test('a task that comes meanwhile starts when it is back', () => {
    const agent = new ScriptedAgent(new ModelRuntime(), {}, awsvpc);
    agent.start(1);
    agent.runtime.isAway = true;
    agent.core.assign(assignMessage(1, 2, wanted), agent.now);
    for (let second = 0; second < 120; second++) agent.elapse(1000);
    expect(agent.takeAllReports()).toEqual([]);
    agent.runtime.isAway = false;
    for (let second = 0; second < 60; second++) agent.elapse(1000);
    expect(agent.takeAllReports().at(-1)).toMatchObject({ knownStatus: 'RUNNING' });
  });
});

describe('a container that ignores the stop signal', () => {
  test('is killed, in a task that shares a network too, and the rest follows', () => {
    const agent = agentWithTask(awsvpc);
    agent.runtime.obedient = false;
    stop(agent);
    agent.takeAllReports();
    agent.elapse(29_999);
    expect(phases(agent)).toEqual(['RUNNING', 'RUNNING']);
    agent.elapse(1);
    expect(agent.takeAllReports().at(-1)).toMatchObject({ knownStatus: 'STOPPED', containers: [{ exitCode: 137 }] });
    expect(agent.runtime.killedWithoutSignal).toEqual([]);
  });

  test('waits no longer and no shorter when the clock of the caller runs back', () => {
    const agent = agentWithTask(taskDefinition());
    agent.runtime.obedient = false;
    stop(agent);
    agent.core.tick(agent.now - 3_600_000);
    agent.settle();
    expect(phases(agent)).toEqual(['RUNNING']);
    agent.elapse(30_000);
    expect(phases(agent)).toEqual(['STOPPED']);
  });
});
