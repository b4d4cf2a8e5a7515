import { HOST_LAUNCH_TYPES_DEFAULT, isPoolHost } from '#libs/ecs/messages';
import type {
  HostLaunchType,
  RecordedInstanceResources,
  RecordedVersionInfo,
  RegisterContainerInstance,
  Rejection,
  WantedSum,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { ClusterState, InstanceState } from '../cluster-state.ts';
import { isEqual } from '../shared/is-equal.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import {
  clientError,
  clusterNotFound,
  instanceInactive,
  invalidParameter,
  wantedSetChanged,
} from '../shared/rejections.ts';
import { recordedTag } from '../shared/recorded.ts';
import { checkTags } from '../shared/tags.ts';
import { wantedSumOf } from '../task/wanted-set.ts';
import {
  attributesAfterReturn,
  checkAttribute,
  sameAttributes,
  tooManyAttributes,
  withAttributes,
} from './instance-attributes.ts';
import { checkNotShrunk, checkResources, sameResources } from './instance-resources.ts';

/**
 * An agent opened a session. The first one registers the instance; a later one of the same instance fences the earlier
 * session. A deregistered instance never comes back (S14). The same session again, still connected, is a repeated request.
 */
export function decideRegisterContainerInstance(
  state: ClusterState,
  command: RegisterContainerInstance,
): ClusterDecision {
  if (state.status === 'NONE') return reject(clusterNotFound());
  if (state.status === 'INACTIVE') return reject(clientError('The referenced cluster was inactive.'));
  const { instanceId } = command;
  if (state.inactiveInstanceIds.has(instanceId)) return reject(instanceInactive(instanceId));
  const refused =
    checkResources(command.resources) ?? checkAttributes(command) ?? checkLaunchTypes(command.launchTypes);
  if (refused !== null) return reject(refused);
  const { wanted } = command;
  // Connected means: the agent has its whole set. One that changed while it was read is read again.
  if (wanted !== undefined && !isSameSet(wanted, wantedSumOf(state, instanceId))) return reject(wantedSetChanged());
  const known = state.instances.get(instanceId);
  if (known?.status === 'DEREGISTERING') return reject(instanceInactive(instanceId));
  return known === undefined ? decideFirst(command) : decideReturn(known, command);
}

function isSameSet(a: WantedSum, b: WantedSum): boolean {
  return a.version === b.version && a.tasks === b.tasks && a.progress === b.progress;
}

function checkAttributes({ attributes }: RegisterContainerInstance): Rejection | null {
  for (const attribute of attributes) {
    const refused = checkAttribute(attribute);
    if (refused !== null) return refused;
  }
  return tooManyAttributes(attributes);
}

function decideFirst(command: RegisterContainerInstance): ClusterDecision {
  const { instanceId, sessionId, resources, attributes, versionInfo, hostname, tags = [] } = command;
  const launchTypes = recordedLaunchTypes(command.launchTypes);
  const refused = checkTags(tags);
  if (refused !== null) return reject(refused);
  return accept({
    type: 'ContainerInstanceRegistered',
    v: 1,
    containerInstanceId: instanceId,
    sessionId,
    resources: recordedResources(resources),
    attributes: withAttributes([], attributes),
    versionInfo: recordedVersionInfo(versionInfo),
    hostname,
    tags: tags.map(recordedTag),
    ...(isDefault(launchTypes) ? {} : { launchTypes }),
  });
}

function decideReturn(known: InstanceState, command: RegisterContainerInstance): ClusterDecision {
  const { instanceId, sessionId, resources, versionInfo } = command;
  const attributes = attributesAfterReturn(known.attributes, command.attributes);
  const refused = checkNotShrunk(instanceId, known.resources, resources) ?? tooManyAttributes(attributes);
  if (refused !== null) return reject(refused);
  const resourcesChanged = !sameResources(known.resources, resources);
  const attributesChanged = !sameAttributes(known.attributes, attributes);
  const launchTypes = recordedLaunchTypes(command.launchTypes);
  const launchTypesChanged = !isEqual(launchTypes, recordedLaunchTypes(known.launchTypes));
  const changed = resourcesChanged || attributesChanged || launchTypesChanged;
  if (known.connected && known.sessionId === sessionId && !changed) return accept();
  const connected = {
    type: 'ContainerInstanceConnected',
    v: 1,
    containerInstanceId: instanceId,
    sessionId,
    ...(resourcesChanged ? { resources: recordedResources(resources) } : {}),
    ...(attributesChanged ? { attributes } : {}),
    versionInfo: recordedVersionInfo(versionInfo),
    ...(launchTypesChanged ? { launchTypes } : {}),
  } as const;
  const leavesApi = isPoolHost(launchTypes) && !isPoolHost(known.launchTypes);
  if (!isLifted(known, sessionId, leavesApi)) return accept(connected);
  const lifted = {
    type: 'ContainerInstanceStatusChanged',
    v: 1,
    containerInstanceId: instanceId,
    status: 'ACTIVE',
    cause: 'AGENT',
  } as const;
  return { kind: 'accepted', events: [connected, lifted] };
}

/**
 * The process that asked to drain has ended; this is its successor. A host that becomes one of the Fargate pool is drained by
 * no person any more, who could not end that.
 */
function isLifted(
  { status, statusCause, sessionId }: InstanceState,
  newSessionId: string,
  leavesApi: boolean,
): boolean {
  const isAgents = statusCause === 'AGENT' && sessionId !== newSessionId;
  return status === 'DRAINING' && (isAgents || leavesApi);
}

function checkLaunchTypes(launchTypes: readonly HostLaunchType[] | undefined): Rejection | null {
  if (launchTypes?.length !== 0) return null;
  return invalidParameter('An instance registers with at least one launch type.');
}

/** Each once, in one order, so that equal lists are recorded equally. */
function recordedLaunchTypes(launchTypes = HOST_LAUNCH_TYPES_DEFAULT): readonly HostLaunchType[] {
  return [...new Set(launchTypes)].sort();
}

function isDefault(launchTypes: readonly HostLaunchType[]): boolean {
  return isEqual(launchTypes, recordedLaunchTypes());
}

function recordedResources(resources: RegisterContainerInstance['resources']): RecordedInstanceResources {
  const { cpu, memory, reservedTcpPorts, reservedUdpPorts, gpuIds } = resources;
  return { cpu, memory, reservedTcpPorts, reservedUdpPorts, ...(gpuIds !== undefined && { gpuIds }) };
}

function recordedVersionInfo(versionInfo: RegisterContainerInstance['versionInfo']): RecordedVersionInfo {
  const { agentVersion, agentHash, dockerVersion } = versionInfo;
  return { agentVersion, ...(agentHash !== undefined && { agentHash }), dockerVersion };
}
