import type {
  Attribute,
  ClusterEvent,
  DeleteAttributes,
  PutAttributes,
  RecordedAttribute,
  Rejection,
  TargetedAttribute,
} from '#libs/ecs/messages';
import { accept, ok, reject } from '#libs/kernel';
import type { Result } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound, invalidParameter, targetNotFound } from '../shared/rejections.ts';
import { containerInstanceOf } from './container-instance-of.ts';
import {
  checkAttribute,
  isAutomatic,
  sameAttributes,
  tooManyAttributes,
  withAttributes,
} from './instance-attributes.ts';

/** Attributes a call. */
export const ATTRIBUTES_PER_CALL_MAX = 10;

/** Creates or overwrites custom attributes; all of the call or nothing. */
export function decidePutAttributes(state: ClusterState, { attributes }: PutAttributes): ClusterDecision {
  const call = readCall(state, attributes);
  if ('rejection' in call) return reject(call.rejection);
  const events: ClusterEvent[] = [];
  for (const [instanceId, put] of call.value) {
    const existing = state.instances.get(instanceId)?.attributes ?? [];
    const merged = withAttributes(existing, put);
    const tooMany = tooManyAttributes(merged);
    if (tooMany !== null) return reject(tooMany);
    if (!sameAttributes(existing, merged)) {
      events.push({ type: 'AttributesPut', v: 1, containerInstanceId: instanceId, attributes: put });
    }
  }
  return accept(...events);
}

/** Removes custom attributes by name; a value, where given, must be the attribute's. Missing ones are skipped. */
export function decideDeleteAttributes(state: ClusterState, { attributes }: DeleteAttributes): ClusterDecision {
  const call = readCall(state, attributes);
  if ('rejection' in call) return reject(call.rejection);
  const events: ClusterEvent[] = [];
  for (const [instanceId, unwanted] of call.value) {
    const existing = state.instances.get(instanceId)?.attributes ?? [];
    const names = existing.filter((attribute) => unwanted.some((other) => matches(attribute, other))).map(nameOf);
    if (names.length > 0) {
      events.push({ type: 'AttributesDeleted', v: 1, containerInstanceId: instanceId, names });
    }
  }
  return accept(...events);
}

/** The attributes of a call by instance, or why it is refused. */
function readCall(
  state: ClusterState,
  attributes: readonly TargetedAttribute[],
): Result<ReadonlyMap<string, readonly RecordedAttribute[]>, Rejection> {
  if (state.status !== 'ACTIVE') return { rejection: clusterNotFound() };
  if (attributes.length === 0) return { rejection: invalidParameter('Attributes cannot be empty.') };
  if (attributes.length > ATTRIBUTES_PER_CALL_MAX) {
    return { rejection: invalidParameter(`attributes can have at most ${ATTRIBUTES_PER_CALL_MAX} items.`) };
  }
  const groups = new Map<string, RecordedAttribute[]>();
  for (const attribute of attributes) {
    const { instanceId, name, value } = attribute;
    if (instanceId === undefined) {
      return { rejection: invalidParameter('A targetId must be specified for each attribute.') };
    }
    const rejection = checkTargeted(state, attribute, instanceId);
    if (rejection !== null) return { rejection };
    const group = groups.get(instanceId) ?? [];
    group.push(value === undefined ? { name } : { name, value });
    groups.set(instanceId, group);
  }
  return ok(groups);
}

function checkTargeted(state: ClusterState, attribute: TargetedAttribute, instanceId: string): Rejection | null {
  const { name, targetType = 'container-instance' } = attribute;
  if (targetType !== 'container-instance') return invalidParameter('The targetType must be container-instance.');
  if (containerInstanceOf(state, instanceId) === undefined) return targetNotFound(instanceId);
  const refused = checkAttribute(attribute);
  if (refused !== null || !isAutomatic(name)) return refused;
  return invalidParameter(`Attribute ${name} is reported by the agent and cannot be changed.`);
}

function matches(attribute: Attribute, { name, value }: Attribute): boolean {
  return attribute.name === name && (value === undefined || attribute.value === value);
}

function nameOf({ name }: Attribute): string {
  return name;
}
