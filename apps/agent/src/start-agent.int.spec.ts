import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SimulatedHost, simulatedRuntime } from '#libs/container-runtime';
import { processClock } from '#libs/platform';
import { eventually, testNatsServer, type TestNatsServer } from '#libs/testing';
import { agentOnNats } from '../spec/agent-on-nats.ts';
import { ControlPlaneDouble } from '../spec/control-plane-double.ts';
import { definitionOf, wantedTask } from '../spec/tasks.ts';
import type { RunningAgent } from './start-agent.ts';

jest.setTimeout(60_000);

describe('the agent of a host whose engine comes and goes', () => {
  let nats: TestNatsServer;
  let control: ControlPlaneDouble;
  let agent: RunningAgent;
  const served: string[] = [];
  const engine = new SimulatedHost({
    clock: processClock,
    seed: 'engine',
  });

  beforeAll(async () => {
    nats = await testNatsServer();
    control = await ControlPlaneDouble.on(nats);
    engine.setAway(true);
    agent = await agentOnNats(nats, {
      env: { WAYBILL_RESERVED_MEMORY: '384', WAYBILL_METADATA: '0' },
      makeRuntime: () => simulatedRuntime(engine),
      logLevel: 'silent',
      onServing: (instanceId) => void served.push(instanceId),
    });
  });
  afterAll(async () => {
    await agent.stop();
    await nats.stop();
  });

  test('registers when the engine is there, with its size, under an id of its own', async () => {
    expect(control.sessions).toEqual([]);
    engine.setAway(false);
    await eventually(
      () => Promise.resolve(served),
      ({ length }) => length === 1,
    );
    expect(served).toEqual([agent.instanceId]);
    expect(control.sessions[0]).toMatchObject({
      instanceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      request: { resources: { cpu: 4096, memory: 16_000 } },
    });
  });

  test('an engine that is away for a while costs no container', async () => {
    const definition = definitionOf('app:1', {});
    const [before, during] = [wantedTask(definition), wantedTask(definition)];
    control.place(agent.instanceId, before, definition);
    await control.reported(before.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    engine.setAway(true);
    control.place(agent.instanceId, during, definition);
    control.nudge(agent.instanceId);
    await eventually(
      () => Promise.resolve(control.heartbeats),
      (beats) => beats.some(({ heartbeat }) => heartbeat.version === 2),
    );
    engine.setAway(false);
    await control.reported(during.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    expect(control.reports.get(before.taskId)?.knownStatus).toBe('RUNNING');
    expect(engine.containers().map(({ phase }) => phase)).toEqual(['RUNNING', 'RUNNING']);
  });

  test('lets go of everything at its end, but not of containers', async () => {
    await agent.stop();
    expect(await agent.connectionClosed).toBeUndefined();
    expect(engine.containers()).toHaveLength(2);
  });
});
