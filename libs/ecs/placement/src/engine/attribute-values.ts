import type { HostTable } from './host-table.ts';

/** Attributes that an engine keeps an index of: strategies name them, so callers choose how many there are. */
const INDEXES_MAX = 32;
/** The value id of hosts without the attribute. */
export const NO_VALUE = 0;

/** One attribute's value of every host, as small numbers; made anew when any attribute changes. */
export interface AttributeValues {
  readonly attribute: string;
  /** Value id by slot, NO_VALUE when the host does not have the attribute. */
  readonly bySlot: Int32Array;
  /** Value ids are below this. */
  readonly count: number;
}

/** The indexes of the attributes that strategies spread over. */
export class AttributeIndexes {
  readonly #hosts: HostTable;
  readonly #indexes = new Map<string, { readonly madeAt: number; readonly values: AttributeValues }>();

  constructor(hosts: HostTable) {
    this.#hosts = hosts;
  }

  of(attribute: string): AttributeValues {
    const known = this.#indexes.get(attribute);
    if (known !== undefined && known.madeAt === this.#hosts.attributesChangedAt) return known.values;
    const values = index(this.#hosts, attribute);
    this.#indexes.delete(attribute);
    for (const oldest of this.#indexes.keys()) {
      if (this.#indexes.size < INDEXES_MAX) break;
      this.#indexes.delete(oldest);
    }
    this.#indexes.set(attribute, { madeAt: this.#hosts.attributesChangedAt, values });
    return values;
  }
}

function index(hosts: HostTable, attribute: string): AttributeValues {
  const bySlot = new Int32Array(hosts.cpuFree.length);
  const ids = new Map<string, number>();
  for (const host of hosts.inOrder) {
    const value = host.attributes.get(attribute);
    if (value === undefined) continue;
    const id = ids.get(value) ?? ids.size + 1;
    ids.set(value, id);
    bySlot[host.slot] = id;
  }
  return { attribute, bySlot, count: ids.size + 1 };
}
