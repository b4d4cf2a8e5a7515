import type { NetworkBinding } from '#libs/ecs/messages';
import type { OwnContainerSpec } from '#libs/agents/core';

/** Where Linux takes ports for others from, and so does Docker. */
const DYNAMIC_PORT_MIN = 32_768;
const DYNAMIC_PORT_MAX = 60_999;

/** The published ports of one simulated host. */
export class HostPorts {
  readonly #taken = new Set<string>();
  #next = DYNAMIC_PORT_MIN;

  /** Publishes a container's ports, or names the one that is already taken and publishes none. */
  publish({
    container,
    taskDefinition,
  }: Pick<OwnContainerSpec, 'container' | 'taskDefinition'>): readonly NetworkBinding[] | number {
    if (container.portMappings.length === 0 || taskDefinition.networkMode === 'none') return [];
    // Mode host publishes nothing; the process that listens first has the port.
    if (taskDefinition.networkMode === 'host') return [];
    const bindings: NetworkBinding[] = [];
    for (const { containerPort, hostPort, protocol } of container.portMappings) {
      if (containerPort === undefined) continue;
      const wire = protocol === 'udp' ? 'udp' : 'tcp';
      const port = hostPort === undefined || hostPort === 0 ? this.#dynamic(wire) : hostPort;
      if (this.#taken.has(`${wire}/${port}`)) {
        this.release(bindings);
        return port;
      }
      this.#taken.add(`${wire}/${port}`);
      bindings.push({ bindIP: '0.0.0.0', containerPort, hostPort: port, protocol: wire });
    }
    return bindings;
  }

  release(bindings: readonly NetworkBinding[]): void {
    for (const { protocol, hostPort } of bindings) this.#taken.delete(`${protocol}/${hostPort}`);
  }

  #dynamic(wire: string): number {
    let port = this.#next;
    while (this.#taken.has(`${wire}/${port}`)) port = port === DYNAMIC_PORT_MAX ? DYNAMIC_PORT_MIN : port + 1;
    this.#next = port === DYNAMIC_PORT_MAX ? DYNAMIC_PORT_MIN : port + 1;
    return port;
  }
}
