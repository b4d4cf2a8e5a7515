import type { NatsConnection } from '@nats-io/transport-node';
import { expect } from '@jest/globals';
import { clusterShard } from '#libs/ecs/messages';
import { createLogger, DEFAULT_ACCOUNT } from '#libs/platform';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { SimulatedFleet } from '../../../apps/agent/src/fleet/simulated-fleet.ts';
import { ecsCall } from './ecs-call.ts';
import { ForkedControlPlane } from './forked-control-plane.ts';
import { expectReplayEqual, readShards, tasksByToken } from './recorded.ts';
import type { TokenLoad } from './token-load.ts';

const HOSTS = 3;
const REPEATED_TOKENS_MAX = 200;
/** Nothing is broken yet: a slow machine is waited for. */
const SETUP_TIMEOUT_MS = 30_000;

/** A nats-server, a control plane in its own process and hosts with room for everything, all real but the containers. */
export class Stand {
  readonly nats: TestNatsServer;
  readonly controlPlane: ForkedControlPlane;
  readonly root: NatsConnection;
  readonly #auditor: NatsConnection;
  readonly #fleet: SimulatedFleet;

  private constructor(
    nats: TestNatsServer,
    controlPlane: ForkedControlPlane,
    root: NatsConnection,
    auditor: NatsConnection,
    fleet: SimulatedFleet,
  ) {
    this.nats = nats;
    this.controlPlane = controlPlane;
    this.root = root;
    this.#auditor = auditor;
    this.#fleet = fleet;
  }

  /** Ready: hosts have joined, and there is a task definition `app`. */
  static async start(seed: string): Promise<Stand> {
    const nats = await testNatsServer();
    const controlPlane = await ForkedControlPlane.on(nats);
    await controlPlane.start();
    const root = await nats.connect('root');
    const fleet = new SimulatedFleet({
      nc: await nats.connect('agents'),
      cluster: 'default',
      hosts: HOSTS,
      seed,
      cpu: 10_000_000,
      memory: 100_000_000,
      availabilityZones: ['a', 'b'],
      startsInFlightMax: 64,
      failures: { start: 0.05 },
      agentVersion: '0.0.0',
      log: createLogger('fleet', 'silent'),
    });
    await fleet.allJoined;
    const containerDefinitions = [{ name: 'app', image: 'app:1', memory: 6 }];
    await ecsCall(
      root,
      'RegisterTaskDefinition',
      { family: 'app', containerDefinitions },
      { timeoutMs: SETUP_TIMEOUT_MS },
    );
    return new Stand(nats, controlPlane, root, await nats.connect('auditor'), fleet);
  }

  async stop(): Promise<void> {
    this.#fleet.stop();
    await this.controlPlane.stop();
    await this.nats.stop();
  }

  /** Nothing that was acknowledged is lost, nothing happened twice, and the log says what the live process says. */
  async expectNothingLost(load: TokenLoad): Promise<void> {
    const commits = (await readShards(this.#auditor)).get(clusterShard(DEFAULT_ACCOUNT, 'default')) ?? [];
    const recorded = tasksByToken(commits);
    expect(new Map([...recorded].map(([token, requests]) => [token, requests.flat()]))).toEqual(load.accepted);
    const ids = [...load.accepted.values()].flat();
    expect(new Set(ids).size).toBe(ids.length);

    const tokens = [...load.accepted.keys()];
    const step = Math.max(1, Math.floor(tokens.length / REPEATED_TOKENS_MAX));
    for (const token of tokens.filter((_, i) => i % step === 0)) {
      expect(await load.again(token)).toEqual(load.accepted.get(token));
    }
    expect(await expectReplayEqual(this.root, this.#auditor)).toContain(clusterShard(DEFAULT_ACCOUNT, 'default'));
  }
}
