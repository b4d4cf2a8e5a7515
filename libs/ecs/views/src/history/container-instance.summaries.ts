import type { RecordedAttribute, ContainerInstanceEvent, ContainerInstanceStatusChanged } from '#libs/ecs/messages';
import type { EventHandlers } from '../view/event-handlers.ts';
import { isCluster, isInstance } from './about.ts';
import type { About, Summary } from './about.ts';

export const containerInstanceSummaries: EventHandlers<ContainerInstanceEvent, [about: About], Summary> = {
  ContainerInstanceRegistered: ({ containerInstanceId, hostname, resources, versionInfo, launchTypes }, about) => {
    const takes = launchTypes === undefined ? '' : `, for ${launchTypes.join(', ')}`;
    const size = `${resources.cpu} CPU units, ${resources.memory} MiB${takes}`;
    if (isCluster(about)) return `container instance ${containerInstanceId} registered: host ${hostname}, ${size}`;
    const agent = `agent ${versionInfo.agentVersion}, Docker ${versionInfo.dockerVersion}`;
    return aboutInstance(about, containerInstanceId, `registered: host ${hostname}, ${size}, ${agent}`);
  },
  ContainerInstanceConnected: ({ containerInstanceId, resources, attributes, launchTypes }, about) => {
    const changes = [
      resources && 'resources',
      attributes && 'attributes',
      launchTypes && `launch types (${launchTypes.join(', ')})`,
    ].filter((change) => change !== undefined);
    const words = changes.length === 0 ? '' : ` with other ${changes.join(' and ')}`;
    return aboutInstance(about, containerInstanceId, `agent connected again${words}`);
  },
  ContainerInstanceDisconnected: ({ containerInstanceId }, about) =>
    aboutInstance(about, containerInstanceId, 'agent disconnected: nothing new is placed here, tasks run on'),
  ContainerInstanceStatusChanged: ({ containerInstanceId, status, cause }, about) =>
    aboutInstance(about, containerInstanceId, STATUS_WORDS[status] + (cause === undefined ? '' : CAUSE_WORDS[cause])),
  ContainerInstanceDeregistered: ({ containerInstanceId }, about) =>
    isCluster(about)
      ? `container instance ${containerInstanceId} deregistered`
      : aboutInstance(about, containerInstanceId, 'deregistered: INACTIVE permanently'),
  AttributesPut: ({ containerInstanceId, attributes }, about) =>
    aboutInstance(about, containerInstanceId, `attributes set: ${attributes.map(attributeWords).join(', ')}`),
  AttributesDeleted: ({ containerInstanceId, names }, about) =>
    aboutInstance(about, containerInstanceId, `attributes deleted: ${names.join(', ')}`),
};

const STATUS_WORDS: Readonly<Record<ContainerInstanceStatusChanged['status'], string>> = {
  ACTIVE: 'ACTIVE again',
  DRAINING: 'DRAINING: no new tasks',
  DEREGISTERING: 'DEREGISTERING: its tasks are being stopped',
};

const CAUSE_WORDS: Readonly<Record<NonNullable<ContainerInstanceStatusChanged['cause']>, string>> = {
  AGENT: ', on the word of its agent',
};

function aboutInstance(about: About, instanceId: string, words: string): Summary {
  return isInstance(about, instanceId) ? words : null;
}

function attributeWords({ name, value }: RecordedAttribute): string {
  return value === undefined ? name : `${name}=${value}`;
}
