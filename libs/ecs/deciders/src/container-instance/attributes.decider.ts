import type { Attribute, ClusterEvent, DeleteAttributes, PutAttributes, Rejection } from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound, invalidParameter, targetNotFound } from '../shared/rejections.ts';
import {
  checkAttribute,
  isAutomatic,
  sameAttributes,
  tooManyAttributes,
  withAttributes,
} from './instance-attributes.ts';

/** Attributes a call. */
export const ATTRIBUTES_A_CALL_MAX = 10;

type Targeted = Attribute & { readonly instanceId: string };

/** Creates or overwrites custom attributes; all of the call or nothing. */
export function decidePutAttributes(state: ClusterState, { attributes }: PutAttributes): ClusterDecision {
  const refused = checkCall(state, attributes);
  if (refused !== null) return reject(refused);
  const events: ClusterEvent[] = [];
  for (const [instanceId, put] of byInstance(attributes)) {
    const existing = state.instances.get(instanceId)?.attributes ?? [];
    const merged = withAttributes(existing, put);
    const tooMany = tooManyAttributes(merged);
    if (tooMany !== null) return reject(tooMany);
    if (!sameAttributes(existing, merged)) events.push({ type: 'AttributesPut', v: 1, instanceId, attributes: put });
  }
  return accept(...events);
}

/** Removes custom attributes by name; a value, where given, must be the attribute's. Missing ones are passed over. */
export function decideDeleteAttributes(state: ClusterState, { attributes }: DeleteAttributes): ClusterDecision {
  const refused = checkCall(state, attributes);
  if (refused !== null) return reject(refused);
  const events: ClusterEvent[] = [];
  for (const [instanceId, unwanted] of byInstance(attributes)) {
    const existing = state.instances.get(instanceId)?.attributes ?? [];
    const names = existing.filter((attribute) => unwanted.some((other) => matches(attribute, other))).map(nameOf);
    if (names.length > 0) events.push({ type: 'AttributesDeleted', v: 1, instanceId, names });
  }
  return accept(...events);
}

function checkCall(state: ClusterState, attributes: readonly Targeted[]): Rejection | null {
  if (state.status !== 'ACTIVE') return clusterNotFound();
  if (attributes.length === 0) return invalidParameter('Attributes cannot be empty.');
  if (attributes.length > ATTRIBUTES_A_CALL_MAX) {
    return invalidParameter(`attributes can have at most ${ATTRIBUTES_A_CALL_MAX} items.`);
  }
  for (const attribute of attributes) {
    if (!state.instances.has(attribute.instanceId)) return targetNotFound(attribute.instanceId);
    const refused = checkAttribute(attribute);
    if (refused !== null) return refused;
    if (isAutomatic(attribute.name)) {
      return invalidParameter(`Attribute ${attribute.name} is reported by the agent and cannot be changed.`);
    }
  }
  return null;
}

function byInstance(attributes: readonly Targeted[]): Map<string, Attribute[]> {
  const groups = new Map<string, Attribute[]>();
  for (const { instanceId, name, value } of attributes) {
    const group = groups.get(instanceId) ?? [];
    group.push(value === undefined ? { name } : { name, value });
    groups.set(instanceId, group);
  }
  return groups;
}

function matches(attribute: Attribute, { name, value }: Attribute): boolean {
  return attribute.name === name && (value === undefined || attribute.value === value);
}

function nameOf({ name }: Attribute): string {
  return name;
}
