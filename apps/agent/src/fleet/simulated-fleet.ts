import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { AgentCore } from '#libs/agents/core';
import { SIMULATED_RUNTIME_INFO, SimulatedHost } from '#libs/container-runtime';
import type { SimulatedDelays, SimulatedFailures } from '#libs/container-runtime';
import type { InstanceDescription } from '#libs/agents/protocol';
import { AgentShell, describeInstance } from '#libs/agents/shell';
import { idSource } from '#libs/kernel';
import { logNotes } from '#libs/platform';
import type { Logger } from 'pino';
import { NatsAgentWire } from '../wire/nats-agent-wire.ts';
import { FleetLoop } from './fleet-loop.ts';

export interface SimulatedFleetOptions {
  /** May speak for every instance of the cluster (`agentUser(cluster, '*')`). The fleet does not close it. */
  readonly nc: NatsConnection;
  readonly cluster: string;
  readonly hosts: number;
  /** Names the hosts: the same seed gives the same container instances again. */
  readonly seed: string;
  /** CPU units and MiB that each host registers. */
  readonly cpu: number;
  readonly memory: number;
  readonly availabilityZones: readonly string[];
  /** Creations and starts at once, each host. */
  readonly startsInFlightMax: number;
  readonly delays?: SimulatedDelays;
  readonly failures?: SimulatedFailures;
  readonly agentVersion: string;
  readonly log: Logger;
}

/** Simulated hosts do not change behind their agents' backs, so they are rarely listed. */
const INVENTORY_INTERVAL_MS = 300_000;
/** Long enough to look at, short enough that a long run keeps its memory. */
const CLEANUP_DELAY_MS = 10_000;

/** Thousands of host agents in one process over one NATS connection: the real `AgentCore`s on simulated hosts. */
export class SimulatedFleet {
  readonly #wire: NatsAgentWire;
  readonly #loop = new FleetLoop();
  readonly #joined = new Set<string>();
  readonly #hosts: number;
  #onAllJoined: () => void = () => undefined;
  /** Resolves when the control plane has accepted every host once. */
  readonly allJoined: Promise<void>;

  constructor(options: SimulatedFleetOptions) {
    const { nc, cluster, hosts, log, seed } = options;
    this.#hosts = hosts;
    this.#wire = new NatsAgentWire({ nc, cluster, instanceId: '*', log });
    this.allJoined = new Promise((resolve) => {
      this.#onAllJoined = resolve;
    });
    for (let index = 0; index < hosts; index++) this.#addHost(options, index, idSource(`${seed}/${index}`).hex32());
  }

  stop(): void {
    this.#wire.close();
    this.#loop.stop();
  }

  #addHost(options: SimulatedFleetOptions, index: number, instanceId: string): void {
    const { cluster, startsInFlightMax, delays, failures, seed, log } = options;
    const sessionId = randomUUID();
    const core = new AgentCore({
      cluster,
      instanceId,
      sessionId,
      startsInFlightMax,
      pullsInFlightMax: startsInFlightMax,
      othersInFlightMax: startsInFlightMax,
      cleanupDelayMs: CLEANUP_DELAY_MS,
      inventoryIntervalMs: INVENTORY_INTERVAL_MS,
    });
    const runtime = new SimulatedHost({
      clock: this.#loop.machines,
      seed: `${seed}-${index}`,
      ...(delays === undefined ? {} : { delays }),
      ...(failures === undefined ? {} : { failures }),
    });
    const description = describeHost(options, index, sessionId);
    const shell = new AgentShell({
      core,
      wire: this.#wire.of(instanceId),
      runtime,
      describe: (done) => done(description),
      clock: this.#loop,
      notes: logNotes(log.child({ instanceId })),
      onServing: () => this.#hasJoined(instanceId),
    });
    shell.start();
    this.#wire.attach(instanceId, shell);
  }

  #hasJoined(instanceId: string): void {
    this.#joined.add(instanceId);
    if (this.#joined.size === this.#hosts) this.#onAllJoined();
  }
}

function describeHost(options: SimulatedFleetOptions, index: number, sessionId: string): InstanceDescription {
  const { availabilityZones, agentVersion, cpu, memory } = options;
  const host = {
    sessionId,
    hostname: `simulated-${index}`,
    agentVersion,
    reservedMemoryMiB: 0,
    availabilityZone: availabilityZones[index % availabilityZones.length] ?? 'us-east-1a',
    customAttributes: [{ name: 'simulated' }],
  };
  const described = describeInstance(host, SIMULATED_RUNTIME_INFO);
  return { ...described, resources: { ...described.resources, cpu, memory } };
}
