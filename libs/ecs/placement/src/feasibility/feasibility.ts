import type { GroupTable } from '../engine/group-counts.ts';
import type { HostTable } from '../engine/host-table.ts';
import type { Host } from '../engine/host.ts';
import { evaluateExpression } from '../query/evaluate.ts';
import type { CachedExpression } from '../query/expression-cache.ts';
import { REFUSALS } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { TaskDemand } from '../types.ts';
import type { Ask } from './ask.ts';
import { Candidates } from './candidates.ts';
import { HostSubject } from './host-subject.ts';
import { missingAttributesText, missingLaunchTypeText, untrueText } from './refusal-detail.ts';

/** Kinds of requests (required attributes and expressions) whose candidates are remembered. */
const CANDIDATES_CACHED_MAX = 128;

/** Which hosts can take a task, and why the others cannot. */
export class Feasibility {
  readonly #hosts: HostTable;
  readonly #groups: GroupTable;
  readonly #candidates = new Map<string, Candidates>();

  constructor(hosts: HostTable, groups: GroupTable) {
    this.#hosts = hosts;
    this.#groups = groups;
  }

  /** The first reason in the order of ECS's checks, or null. */
  refusalOf(host: Host, ask: Ask): Refusal | null {
    if (!host.takes(ask.launchType)) {
      return { reason: REFUSALS.attribute, detail: missingLaunchTypeText(ask.launchType) };
    }
    if (!host.active) return { reason: REFUSALS.inactive };
    if (!host.connected) return { reason: REFUSALS.agent };
    if ((this.#hosts.cpuFree[host.slot] ?? 0) < ask.cpu) return { reason: REFUSALS.cpu };
    if ((this.#hosts.memoryFree[host.slot] ?? 0) < ask.memory) return { reason: REFUSALS.memory };
    if (ask.wantsPorts && !host.hasPortsFor(ask.demand)) return { reason: REFUSALS.ports };
    const device = ask.wantsDevices ? host.missingDevice(ask.demand) : undefined;
    if (device !== undefined) return { reason: REFUSALS.device(device) };
    if (!hasAttributes(host, ask.demand)) {
      return { reason: REFUSALS.attribute, detail: missingAttributesText(host.attributes, ask.demand) };
    }
    const untrue = this.#untrueOf(host, ask, ask.expressions);
    if (untrue !== undefined) return { reason: REFUSALS.memberOf, detail: untrueText(untrue) };
    if (ask.distinct && this.#runsGroup(host, ask)) return { reason: REFUSALS.distinctInstance };
    if (ask.unknownConstraint !== null) {
      return { reason: `${ask.unknownConstraint} placement constraint unsatisfied` };
    }
    return null;
  }

  /** The hosts that pass every check that tasks do not change, in the order of registration. */
  candidates(ask: Ask): Candidates {
    let candidates = this.#candidates.get(ask.candidatesKey);
    if (candidates === undefined) {
      // Ever new expressions make the cache start again; those that repeat are back at once.
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
    if (!ask.wantsPorts && !ask.wantsDevices && !ask.distinct && ask.changing.length === 0) return null;
    return (slot) => this.#passesChanging(this.#hosts.at(slot), ask);
  }

  #passesChanging(host: Host, ask: Ask): boolean {
    if (ask.wantsPorts && !host.hasPortsFor(ask.demand)) return false;
    if (ask.wantsDevices && host.missingDevice(ask.demand) !== undefined) return false;
    if (ask.distinct && this.#runsGroup(host, ask)) return false;
    return this.#untrueOf(host, ask, ask.changing) === undefined;
  }

  #isCandidate(host: Host, ask: Ask): boolean {
    if (!host.takes(ask.launchType) || !host.active || !host.connected || !hasAttributes(host, ask.demand))
      return false;
    const unchanging = ask.expressions.filter((expression) => !expression.dependsOnTasks);
    return this.#untrueOf(host, ask, unchanging) === undefined;
  }

  /** The first expression that is not true of the host, or undefined. */
  #untrueOf(host: Host, ask: Ask, expressions: readonly CachedExpression[]): CachedExpression | undefined {
    if (expressions.length === 0) return undefined;
    const subject = new HostSubject(host, this.#hosts, this.#groups, ask.group);
    return expressions.find(({ expression }) => expression === null || !evaluateExpression(expression, subject));
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
