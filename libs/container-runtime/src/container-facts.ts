import type { NetworkBinding } from '#libs/ecs/messages';

/** How a container is connected, as its engine shows it. Absent members: it has none of its own. */
export interface ContainerNetwork {
  /** The engine's name of the network: `bridge`, `host`, `none`, … */
  readonly name: string;
  readonly ipv4Address?: string;
  /** Of the network that the address is in, e.g. `172.17.0.0/16`. */
  readonly ipv4Subnet?: string;
  readonly ipv4Gateway?: string;
  readonly ipv6Address?: string;
  readonly macAddress?: string;
}

/**
 * One container as its engine shows it, beyond what the steps of a task need: for what a task reads about itself and for
 * measurements. Times are texts in RFC 3339 with nanoseconds, as the engine writes them.
 */
export interface ContainerFacts {
  readonly runtimeId: string;
  /** Its name on the engine. */
  readonly runtimeName: string;
  /** As the container was made with it. */
  readonly image: string;
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Its first process, on the machine that the engine runs on, while it runs. */
  readonly pid?: number;
  readonly networks: readonly ContainerNetwork[];
  /** Ports of the host that lead to it. */
  readonly networkBindings: readonly NetworkBinding[];
  readonly dnsServers: readonly string[];
  readonly dnsSearchDomains: readonly string[];
  readonly volumes: readonly { readonly name?: string; readonly source: string; readonly destination: string }[];
  readonly logDriver: string;
  readonly logOptions: Readonly<Record<string, string>>;
  /** The last probe of its health check; absent: it has no health check, or was never probed. */
  readonly lastProbe?: { readonly exitCode: number; readonly output: string };
  /** What it has written to its own layer; only if it was asked for, since the engine has to count it. */
  readonly writtenBytes?: number;
}

/** A reading of a container's resources in the form of Docker's API (`GET /containers/ID/stats`), without the reading before. */
export type ContainerStats = Readonly<Record<string, unknown>>;
