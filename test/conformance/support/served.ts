import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { controlPlaneNatsEnv, createLogger, pollUntil, readRootAccessKey, readSettings } from '#libs/platform';
import type { RootAccessKey } from '#libs/platform';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { SimulatedFleet } from '../../../apps/agent/src/fleet/simulated-fleet.ts';
import { startControlPlane } from '../../../apps/control-plane/src/start-control-plane.ts';
import type { RunningControlPlane } from '../../../apps/control-plane/src/start-control-plane.ts';

const READY_SECONDS_MAX = 30;
const HOSTS = 3;
/** The server's age, and the test's own hosts, which are silent between their reports. */
const EXPECTED_WARNINGS = ['known advisories', 'has missed its heartbeats'];

/** A control plane in this process with simulated hosts in its `default` cluster. */
export class Served {
  readonly endpoint: string;
  readonly key: RootAccessKey;
  readonly root: NatsConnection;
  readonly nats: TestNatsServer;
  /** What the control plane logged as a warning or worse: nothing that a caller does may lead to any. */
  readonly warnings: string[];
  readonly #home: string;
  readonly #controlPlane: RunningControlPlane;
  readonly #fleet: SimulatedFleet;

  private constructor(parts: {
    home: string;
    key: RootAccessKey;
    root: NatsConnection;
    nats: TestNatsServer;
    warnings: string[];
    controlPlane: RunningControlPlane;
    fleet: SimulatedFleet;
  }) {
    this.endpoint = `http://127.0.0.1:${parts.controlPlane.port}`;
    this.key = parts.key;
    this.root = parts.root;
    this.nats = parts.nats;
    this.warnings = parts.warnings;
    this.#home = parts.home;
    this.#controlPlane = parts.controlPlane;
    this.#fleet = parts.fleet;
  }

  static async start(): Promise<Served> {
    const nats = await testNatsServer();
    const home = await mkdtemp(path.join(tmpdir(), 'waybill-conformance-'));
    const env = controlPlaneNatsEnv(nats);
    const warnings: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
    const controlPlane = await startControlPlane(readSettings({ WAYBILL_HOME: home, WAYBILL_PORT: '0' }), env, log);
    await ready(controlPlane.port);
    const fleet = await joinedFleet(await nats.connect('agents'));
    const root = await nats.connect('root');
    return new Served({ home, key: await readRootAccessKey(home), root, nats, warnings, controlPlane, fleet });
  }

  get unexpectedWarnings(): readonly string[] {
    return this.warnings.filter((line) => !EXPECTED_WARNINGS.some((text) => line.includes(text)));
  }

  async isReady(): Promise<boolean> {
    return isReady(this.endpoint);
  }

  async stop(): Promise<void> {
    this.#fleet.stop();
    await this.#controlPlane.stop();
    await this.nats.stop();
    await rm(this.#home, { recursive: true, force: true });
  }
}

async function joinedFleet(nc: NatsConnection): Promise<SimulatedFleet> {
  const fleet = new SimulatedFleet({
    nc,
    cluster: 'default',
    hosts: HOSTS,
    seed: 'conformance',
    cpu: 4_096,
    memory: 8_192,
    availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    startsInFlightMax: 64,
    delays: { start: [300, 400] },
    agentVersion: '0.0.0',
    log: createLogger('fleet', 'silent'),
  });
  await fleet.allJoined;
  return fleet;
}

async function isReady(endpoint: string): Promise<boolean> {
  return (await fetch(`${endpoint}/readyz`)).status === 200;
}

async function ready(port: number): Promise<void> {
  const ask = (): Promise<boolean> => isReady(`http://127.0.0.1:${port}`);
  await pollUntil('the control plane is ready', READY_SECONDS_MAX * 1_000, ask);
}
