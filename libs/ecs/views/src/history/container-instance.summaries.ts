import type { Attribute, ContainerInstanceEvent, ContainerInstanceStatusChanged } from '#libs/ecs/messages';
import type { EventHandlers } from '../view/event-handlers.ts';
import { isCluster, isInstance } from './about.ts';
import type { About, Summary } from './about.ts';

export const containerInstanceSummaries: EventHandlers<ContainerInstanceEvent, [about: About], Summary> = {
  ContainerInstanceRegistered: ({ instanceId, hostname, resources, versionInfo }, about) => {
    const size = `${resources.cpu} CPU units, ${resources.memory} MiB`;
    if (isCluster(about)) return `container instance ${instanceId} registered: host ${hostname}, ${size}`;
    const agent = `agent ${versionInfo.agentVersion}, Docker ${versionInfo.dockerVersion}`;
    return aboutInstance(about, instanceId, `registered: host ${hostname}, ${size}, ${agent}`);
  },
  ContainerInstanceConnected: ({ instanceId, resources, attributes }, about) => {
    const changes = [resources && 'resources', attributes && 'attributes'].filter((change) => change !== undefined);
    const words = changes.length === 0 ? '' : ` with other ${changes.join(' and ')}`;
    return aboutInstance(about, instanceId, `agent connected again${words}`);
  },
  ContainerInstanceDisconnected: ({ instanceId }, about) =>
    aboutInstance(about, instanceId, 'agent disconnected: nothing new is placed here, tasks run on'),
  ContainerInstanceStatusChanged: ({ instanceId, status }, about) =>
    aboutInstance(about, instanceId, STATUS_WORDS[status]),
  ContainerInstanceDeregistered: ({ instanceId }, about) =>
    isCluster(about)
      ? `container instance ${instanceId} deregistered`
      : aboutInstance(about, instanceId, 'deregistered: INACTIVE for ever'),
  AttributesPut: ({ instanceId, attributes }, about) =>
    aboutInstance(about, instanceId, `attributes set: ${attributes.map(attributeWords).join(', ')}`),
  AttributesDeleted: ({ instanceId, names }, about) =>
    aboutInstance(about, instanceId, `attributes deleted: ${names.join(', ')}`),
};

const STATUS_WORDS: Readonly<Record<ContainerInstanceStatusChanged['status'], string>> = {
  ACTIVE: 'ACTIVE again',
  DRAINING: 'DRAINING: no new tasks',
  DEREGISTERING: 'DEREGISTERING: its tasks are being stopped',
};

function aboutInstance(about: About, instanceId: string, words: string): Summary {
  return isInstance(about, instanceId) ? words : null;
}

function attributeWords({ name, value }: Attribute): string {
  return value === undefined ? name : `${name}=${value}`;
}
