import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ecs } from '#contexts/ecs';
import { arns, clusterShard } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEffect, TaskDefinition } from '#libs/ecs/messages';
import { Engine, StoreJournal } from '#libs/engine';
import type { LeaseHandlers } from '#libs/engine';
import { InMemoryEventStore, InMemoryWitnessStore } from '#libs/event-store';
import type { CommandAnswer, Committed, DomainEvent, Effect } from '#libs/kernel';
import { pino } from 'pino';
import { FileWitnesses } from './file-witnesses.ts';
import { logNotes, processClock, sha256 } from '#libs/platform';

const ACCOUNT = '000000000000';
const SHARD = clusterShard(ACCOUNT, 'c');
const HOUR_MS = 3_600_000;
const AGENT_DELAY_MS = 100;

const definition = (revision: number): TaskDefinition => ({
  taskDefinitionArn: `arn:aws:ecs:us-east-1:${ACCOUNT}:task-definition/web:${revision}`,
  family: 'web',
  revision,
  networkMode: 'bridge',
  placementConstraints: [],
  containerDefinitions: [
    { name: 'app', image: 'web', cpu: 1, memory: 4, essential: true, portMappings: [], environment: [] },
  ],
});

/** A cluster with one host whose agent does everything a moment after it was told to. All clocks are Jest's. */
class World {
  readonly events: { readonly type: string; readonly at: number }[] = [];
  readonly #engine: Engine;
  #lease: LeaseHandlers | null = null;
  #commands = 0;

  constructor() {
    const log = pino({ level: 'silent' });
    this.#engine = new Engine({
      contexts: [ecs],
      locale: { account: ACCOUNT, region: 'us-east-1' },
      holder: 'test',
      ports: {
        journal: new StoreJournal(new InMemoryEventStore()),
        lease: {
          isHeld: true,
          holding: 1,
          campaign: (_holder, handlers) => (this.#lease = handlers),
          resign: (done) => done(),
        },
        witnesses: new FileWitnesses(new InMemoryWitnessStore(), log),
        cursors: { read: (_name, done) => done(0), write: (_name, _position, done) => done() },
        peers: { submit: (shard, _request, reply) => reply({ kind: 'unavailable', reason: shard }) },
        clock: processClock,
        ids: { fresh: () => `id-${++this.#commands}` },
        notes: logNotes(log),
        sha256,
      },
      authorise: () => null,
      outlets: () => [
        {
          open: () => {},
          close: () => {},
          shardOpened: () => {},
          committed: (committed) => this.#committed(committed),
        },
      ],
      onCommit: () => {},
      onDamaged: (error) => {
        throw error;
      },
    });
  }

  async send(command: ClusterCommand): Promise<void> {
    const answer = this.#submit(command, `command-${++this.#commands}`, 'tester', 'nats');
    await jest.advanceTimersByTimeAsync(1);
    expect(await answer).toMatchObject({ kind: 'accepted' });
  }

  async start(): Promise<void> {
    this.#engine.start(() => {});
    await jest.advanceTimersByTimeAsync(1);
    this.#lease?.acquired();
    await jest.advanceTimersByTimeAsync(1_000);
    const clusterArn = arns.cluster({ account: ACCOUNT, region: 'us-east-1' }, 'c');
    await this.send({ type: 'CreateCluster', clusterName: 'c', clusterArn });
    await this.send({
      type: 'RegisterContainerInstance',
      instanceId: 'host',
      sessionId: 'session-1',
      resources: { cpu: 4_096, memory: 8_192, reservedTcpPorts: [], reservedUdpPorts: [] },
      attributes: [{ name: 'ecs.os-type', value: 'linux' }],
      versionInfo: { agentVersion: '0', dockerVersion: '0' },
      hostname: 'host',
    });
    const resolved = { taskDefinition: definition(1), tags: [] };
    await this.send({ type: 'CreateService', serviceName: 's', resolved, desiredCount: 2, launchType: 'EC2' });
  }

  /** How long it took until so many deployments were complete, in time that nobody sets. */
  async completed(deployments: number): Promise<number> {
    const startedAt = performance.now();
    for (let i = 0; i < 600; i++) {
      await jest.advanceTimersByTimeAsync(100);
      const done = this.events.filter(({ type }) => type === 'DeploymentCompleted');
      if (done.length >= deployments) return performance.now() - startedAt;
    }
    throw new Error(`no deployment is complete after a minute: ${JSON.stringify(this.events.at(-1))}`);
  }

  #committed({ commit, effects }: Committed<DomainEvent, Effect>): void {
    if (commit.shard !== SHARD) return;
    for (const { at, events } of commit.decisions) {
      for (const { type } of events) this.events.push({ type, at });
    }
    for (const { task } of effects as readonly ClusterEffect[]) {
      setTimeout(() => void this.#report(task.taskId, task.desiredStatus), AGENT_DELAY_MS);
    }
  }

  async #report(taskId: string, knownStatus: 'RUNNING' | 'STOPPED'): Promise<void> {
    const reports = [{ taskId, knownStatus, containers: [{ name: 'app', lastStatus: knownStatus }] }];
    const command: ClusterCommand = { type: 'ReportTaskStates', instanceId: 'host', sessionId: 'session-1', reports };
    await this.#submit(command, `report-${taskId}-${knownStatus}`, 'agent:host', 'agent');
  }

  #submit(
    command: ClusterCommand,
    commandId: string,
    principal: string,
    source: 'nats' | 'agent',
  ): Promise<CommandAnswer<unknown>> {
    const request = { commandId, command, principal, source, correlationId: commandId, causationId: null };
    return new Promise((resolve) => this.#engine.host.submit(SHARD, request, resolve));
  }
}

/** The deployment of a second revision; while it runs, the wall clock jumps, and perhaps back again. */
async function deployment(...jumpsMs: readonly number[]): Promise<{ world: World; tookMs: number }> {
  const world = new World();
  await world.start();
  await world.completed(1);
  await world.send({ type: 'UpdateService', serviceName: 's', resolved: { taskDefinition: definition(2), tags: [] } });
  const startedAt = performance.now();
  // The first jump comes before the new tasks are reported, the second one after.
  await jest.advanceTimersByTimeAsync(AGENT_DELAY_MS / 2);
  for (const jumpMs of jumpsMs) {
    jest.setSystemTime(Date.now() + jumpMs);
    await jest.advanceTimersByTimeAsync(2 * AGENT_DELAY_MS);
  }
  await world.completed(2);
  return { world, tookMs: performance.now() - startedAt };
}

describe('a deployment while the wall clock jumps', () => {
  let undisturbedMs: number;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'], now: 1_800_000_000_000 });
    undisturbedMs = (await deployment()).tookMs;
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    { what: 'forward', jumpsMs: [HOUR_MS] },
    { what: 'back', jumpsMs: [-HOUR_MS] },
    { what: 'forward and back', jumpsMs: [HOUR_MS, -HOUR_MS] },
    { what: 'back and forward', jumpsMs: [-HOUR_MS, HOUR_MS] },
  ])('an hour $what takes as long as without, and its events stay in order', async ({ jumpsMs }) => {
    const { world, tookMs } = await deployment(...jumpsMs);
    // Behind a clock that was set back, the log's time runs a tenth slower until they meet.
    expect(tookMs).toBeLessThanOrEqual(undisturbedMs / 0.9 + 1_000);
    const times = world.events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('what is due in an hour is done when the clock says so, not an hour later', async () => {
    const { world } = await deployment();
    // The tasks of the first revision have ended.
    await jest.advanceTimersByTimeAsync(2 * AGENT_DELAY_MS);
    const forgotten = (): boolean => world.events.some(({ type }) => type === 'TasksForgotten');
    expect(forgotten()).toBe(false);
    jest.setSystemTime(Date.now() + HOUR_MS);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(forgotten()).toBe(true);
  });
});
