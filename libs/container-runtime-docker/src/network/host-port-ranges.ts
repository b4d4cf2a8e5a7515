import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { daemonText } from '../engine/docker-problem.ts';
import { freeHostPorts, portRangesOf, withPortRanges } from './port-ranges.ts';
import type { PortRange } from './port-ranges.ts';

/** What Docker says when a port is published already, or has a process of the host behind it. */
const CLASH = /port is already allocated|address already in use/i;
/** Starts of one container, each with other ports. */
const STARTS_MAX = 8;

/** Searches for ports of which one turned out to be taken by a process of the host. */
const PROBES_MAX = 64;

/** Chooses the host's ports for the port ranges of containers in bridge mode. */
export class HostPortRanges {
  readonly #docker: Docker;
  /** Of containers that are not yet started, whose ports Docker does not show. By runtime name. */
  readonly #reserved = new Map<string, ReadonlySet<string>>();
  /** Containers that were made here and not yet started, as they were asked for. By id. */
  readonly #made = new Map<string, { readonly spec: OwnContainerSpec; readonly starts: number }>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** The container with its ranges on ports that are free now. @throws RuntimeProblem where there are none */
  async place(spec: OwnContainerSpec): Promise<OwnContainerSpec> {
    const ranges = portRangesOf(spec.container.portMappings);
    if (ranges.length === 0 || spec.network !== 'bridge') return withPortRanges(spec, []);
    const taken = await this.#published();
    for (let probe = 1; probe <= PROBES_MAX; probe++) {
      const isTaken = (port: number, protocol: string): boolean =>
        taken.has(`${port}/${protocol}`) || this.#isReserved(`${port}/${protocol}`);
      const hostPorts = freeHostPorts(ranges, isTaken, Math.random());
      if (hostPorts === undefined) break;
      const keys = keysOf(ranges, hostPorts);
      // Before anything is awaited: no other call chooses them meanwhile.
      this.#reserved.set(spec.runtimeName, new Set(keys));
      const busy = await firstBusy(keys);
      if (busy === undefined) return withPortRanges(spec, hostPorts);
      taken.add(busy);
    }
    this.release(spec.runtimeName);
    throw new RuntimeProblem(
      'CannotCreateContainerError',
      'the host has no free ports for a containerPortRange',
      false,
    );
  }

  /** @param starts how often its task has been given other ports already */
  made(id: string, spec: OwnContainerSpec, starts = 0): void {
    if (this.#reserved.has(spec.runtimeName)) this.#made.set(id, { spec, starts });
  }

  /** What to make instead of a container whose ports were taken before it started; undefined: the error is another one. */
  afterClash(id: string, error: unknown): { readonly spec: OwnContainerSpec; readonly starts: number } | undefined {
    const made = this.#made.get(id);
    if (made === undefined || made.starts >= STARTS_MAX || !CLASH.test(daemonText(error))) return undefined;
    this.settle(id);
    return { spec: made.spec, starts: made.starts + 1 };
  }

  /** The container has started, or is gone. */
  settle(id: string): void {
    const made = this.#made.get(id);
    if (made !== undefined) this.release(made.spec.runtimeName);
    this.#made.delete(id);
  }

  /** The container has come to nothing. */
  release(runtimeName: string): void {
    this.#reserved.delete(runtimeName);
  }

  #isReserved(key: string): boolean {
    for (const keys of this.#reserved.values()) if (keys.has(key)) return true;
    return false;
  }

  async #published(): Promise<Set<string>> {
    const containers = await this.#docker.listContainers();
    return new Set(containers.flatMap(({ Ports }) => Ports.map(({ PublicPort, Type }) => `${PublicPort}/${Type}`)));
  }
}

function keysOf(ranges: readonly PortRange[], hostPorts: readonly number[]): readonly string[] {
  return ranges.flatMap(({ first, last, protocol }, index) =>
    Array.from({ length: last - first + 1 }, (_, offset) => `${(hostPorts[index] ?? 0) + offset}/${protocol}`),
  );
}

/** The first of the ports that a process of this host has. */
async function firstBusy(keys: readonly string[]): Promise<string | undefined> {
  for (const key of keys) {
    const [port, protocol] = key.split('/');
    const isFree = protocol === 'udp' ? await canBindUdp(Number(port)) : await canListen(Number(port));
    if (!isFree) return key;
  }
  return undefined;
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function canBindUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: '0.0.0.0', exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
