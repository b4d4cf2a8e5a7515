import type { GroupTable } from '../engine/group-counts.ts';
import type { HostTable } from '../engine/host-table.ts';
import type { Host } from '../engine/host.ts';
import { evaluateExpression } from '../query/evaluate.ts';
import type { CachedExpression } from '../query/expression-cache.ts';
import { REFUSALS } from '../refusals.ts';
import type { TaskDemand } from '../types.ts';
import type { Ask } from './ask.ts';
import { Candidates } from './candidates.ts';
import { HostSubject } from './host-subject.ts';

/** Kinds of requests (required attributes and expressions) whose candidates are remembered. */
const CANDIDATES_CACHED_MAX = 128;

/** Which hosts can take a task, and why the others cannot (ecs-behaviour §12, steps 1 and 2). */
export class Feasibility {
  readonly #hosts: HostTable;
  readonly #groups: GroupTable;
  readonly #candidates = new Map<string, Candidates>();

  constructor(hosts: HostTable, groups: GroupTable) {
    this.#hosts = hosts;
    this.#groups = groups;
  }

  /** The first reason in the order of ECS's checks, or null. */
  refusalOf(host: Host, ask: Ask): string | null {
    if (!host.active) return REFUSALS.inactive;
    if (!host.connected) return REFUSALS.agent;
    if ((this.#hosts.cpuFree[host.slot] ?? 0) < ask.cpu) return REFUSALS.cpu;
    if ((this.#hosts.memoryFree[host.slot] ?? 0) < ask.memory) return REFUSALS.memory;
    if (ask.wantsPorts && !host.hasPortsFor(ask.demand)) return REFUSALS.ports;
    if (!hasAttributes(host, ask.demand)) return REFUSALS.attribute;
    if (!this.#satisfies(host, ask, ask.expressions)) return REFUSALS.memberOf;
    if (ask.distinct && this.#runsGroup(host, ask)) return REFUSALS.distinctInstance;
    if (ask.unknownConstraint !== null) return `${ask.unknownConstraint} placement constraint unsatisfied`;
    return null;
  }

  /** The hosts that pass every check that tasks do not change, in the order of registration. */
  candidates(ask: Ask): Candidates {
    let candidates = this.#candidates.get(ask.candidatesKey);
    if (candidates === undefined) {
      // Whoever asks with ever new expressions makes us start again; those that repeat are back at once.
      if (this.#candidates.size >= CANDIDATES_CACHED_MAX) this.#candidates.clear();
      candidates = new Candidates();
      this.#candidates.set(ask.candidatesKey, candidates);
    }
    candidates.refresh(this.#hosts, (host) => this.#isCandidate(host, ask));
    return candidates;
  }

  /** The checks of a candidate that tasks do change, CPU and memory aside; null when the request has none. */
  changingCheck(ask: Ask): ((slot: number) => boolean) | null {
    if (ask.unknownConstraint !== null) return () => false;
    if (!ask.wantsPorts && !ask.distinct && ask.changing.length === 0) return null;
    return (slot) => this.#passesChanging(this.#hosts.at(slot), ask);
  }

  #passesChanging(host: Host, ask: Ask): boolean {
    if (ask.wantsPorts && !host.hasPortsFor(ask.demand)) return false;
    if (ask.distinct && this.#runsGroup(host, ask)) return false;
    return this.#satisfies(host, ask, ask.changing);
  }

  #isCandidate(host: Host, ask: Ask): boolean {
    if (!host.active || !host.connected || !hasAttributes(host, ask.demand)) return false;
    return this.#satisfies(
      host,
      ask,
      ask.expressions.filter((expression) => !expression.dependsOnTasks),
    );
  }

  #satisfies(host: Host, ask: Ask, expressions: readonly CachedExpression[]): boolean {
    if (expressions.length === 0) return true;
    const subject = new HostSubject(host, this.#hosts, this.#groups, ask.group);
    return expressions.every(({ expression }) => expression !== null && evaluateExpression(expression, subject));
  }

  #runsGroup(host: Host, ask: Ask): boolean {
    return (this.#groups.find(ask.group)?.on(host.slot) ?? 0) > 0;
  }
}

/** Every required attribute is there, with its value where one is required. */
function hasAttributes(host: Host, { requiresAttributes }: TaskDemand): boolean {
  for (const { name, value } of requiresAttributes) {
    const has = host.attributes.get(name);
    if (has === undefined || (value !== undefined && has !== value)) return false;
  }
  return true;
}
