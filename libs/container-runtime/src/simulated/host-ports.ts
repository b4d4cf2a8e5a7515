import type { NetworkBinding, PortMapping } from '#libs/ecs/messages';
import type { OwnContainerSpec } from '#libs/agents/core';

/** Where Linux takes ports for others from, and so does Docker. */
const DYNAMIC_PORT_MIN = 32_768;
const DYNAMIC_PORT_MAX = 60_999;
const DYNAMIC_PORTS = DYNAMIC_PORT_MAX - DYNAMIC_PORT_MIN + 1;

type Wire = 'tcp' | 'udp';

/** Ports next to each other, e.g. 8000–8009. */
interface PortRange {
  readonly first: number;
  readonly length: number;
}

/** The published ports of one simulated host. */
export class HostPorts {
  readonly #taken = new Set<string>();
  #next = DYNAMIC_PORT_MIN;

  /**
   * Publishes a container's ports; or says why not, as Docker does, and publishes none. Only network mode bridge publishes:
   * elsewhere the process that listens first has the port.
   */
  publish({
    container: { portMappings },
    taskDefinition: { networkMode = 'bridge' },
  }: Pick<OwnContainerSpec, 'container' | 'taskDefinition'>): readonly NetworkBinding[] | string {
    if (portMappings.length === 0 || networkMode !== 'bridge') return NO_BINDINGS;
    const bindings: NetworkBinding[] = [];
    for (const mapping of portMappings) {
      const binding = this.#bind(mapping);
      if (typeof binding === 'string') {
        this.release(bindings);
        return binding;
      }
      if (binding !== undefined) bindings.push(binding);
    }
    return bindings;
  }

  release(bindings: readonly NetworkBinding[]): void {
    for (const { protocol, hostPort, hostPortRange } of bindings) {
      const { first, length } =
        hostPortRange === undefined ? { first: hostPort ?? 0, length: 1 } : rangeOf(hostPortRange);
      for (let port = first; port < first + length; port++) this.#taken.delete(`${protocol}/${port}`);
    }
  }

  #bind({
    containerPort,
    containerPortRange,
    hostPort = 0,
    protocol,
  }: PortMapping): NetworkBinding | string | undefined {
    const wire = protocol === 'udp' ? 'udp' : 'tcp';
    const length = containerPortRange === undefined ? 1 : rangeOf(containerPortRange).length;
    if (containerPort === undefined && containerPortRange === undefined) return undefined;
    const first = hostPort === 0 ? this.#dynamic(wire, length) : hostPort;
    if (first === undefined) return `${length} free host ports in a row are not to be had`;
    if (this.#taken.has(`${wire}/${first}`)) return `Bind for 0.0.0.0:${first} failed: port is already allocated`;
    for (let port = first; port < first + length; port++) this.#taken.add(`${wire}/${port}`);
    const ports =
      containerPortRange === undefined
        ? { containerPort: containerPort ?? 0, hostPort: first }
        : { containerPortRange, hostPortRange: `${first}-${first + length - 1}` };
    return { bindIP: '0.0.0.0', ...ports, protocol: wire };
  }

  /** The first of so many free ports in a row; undefined: there are none. */
  #dynamic(wire: Wire, length: number): number | undefined {
    let first = this.#next;
    let free = 0;
    // Once around, and what a row that begins at the end needs besides.
    for (let looked = 0; looked < DYNAMIC_PORTS + length; looked++) {
      const port = first + free;
      if (port > DYNAMIC_PORT_MAX) [first, free] = [DYNAMIC_PORT_MIN, 0];
      else if (this.#taken.has(`${wire}/${port}`)) [first, free] = [port + 1, 0];
      else free += 1;
      if (free === length) {
        this.#next = first + length > DYNAMIC_PORT_MAX ? DYNAMIC_PORT_MIN : first + length;
        return first;
      }
    }
    return undefined;
  }
}

const NO_BINDINGS: readonly NetworkBinding[] = [];

/** `8000-8009` */
function rangeOf(text: string): PortRange {
  const [first = 0, last = first] = text.split('-').map(Number);
  return { first, length: last - first + 1 };
}
