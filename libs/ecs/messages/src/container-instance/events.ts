import type { EventCatalogue } from '#libs/kernel';
import type { InstanceResources, InstanceVersionInfo } from './commands.ts';
import type { Fact } from '../fact.ts';
import type { Attribute, Tag } from '../model.ts';

/** First registration: ACTIVE and connected. */
export interface ContainerInstanceRegistered extends Fact<'ContainerInstanceRegistered'> {
  readonly instanceId: string;
  readonly sessionId: string;
  readonly resources: InstanceResources;
  /** Automatic and custom ones, as reported. */
  readonly attributes: readonly Attribute[];
  readonly versionInfo: InstanceVersionInfo;
  readonly hostname: string;
  readonly tags: readonly Tag[];
}

/** The same instance came back with a new session: connected again. Absent members did not change. */
export interface ContainerInstanceConnected extends Fact<'ContainerInstanceConnected'> {
  readonly instanceId: string;
  readonly sessionId: string;
  readonly resources?: InstanceResources;
  readonly attributes?: readonly Attribute[];
  readonly versionInfo?: InstanceVersionInfo;
}

export interface ContainerInstanceDisconnected extends Fact<'ContainerInstanceDisconnected'> {
  readonly instanceId: string;
  readonly sessionId: string;
}

export interface ContainerInstanceStatusChanged extends Fact<'ContainerInstanceStatusChanged'> {
  readonly instanceId: string;
  /** DEREGISTERING: its tasks are being stopped, in several steps because there are many; INACTIVE follows. */
  readonly status: 'ACTIVE' | 'DRAINING' | 'DEREGISTERING';
}

/** INACTIVE for ever; its tasks were stopped by TaskStopped events before. */
export interface ContainerInstanceDeregistered extends Fact<'ContainerInstanceDeregistered'> {
  readonly instanceId: string;
}

export interface AttributesPut extends Fact<'AttributesPut'> {
  readonly instanceId: string;
  readonly attributes: readonly Attribute[];
}

export interface AttributesDeleted extends Fact<'AttributesDeleted'> {
  readonly instanceId: string;
  readonly names: readonly string[];
}

export type ContainerInstanceEvent =
  | ContainerInstanceRegistered
  | ContainerInstanceConnected
  | ContainerInstanceDisconnected
  | ContainerInstanceStatusChanged
  | ContainerInstanceDeregistered
  | AttributesPut
  | AttributesDeleted;

export const containerInstanceEvents: EventCatalogue<ContainerInstanceEvent> = {
  ContainerInstanceRegistered: { v: 1 },
  ContainerInstanceConnected: { v: 1 },
  ContainerInstanceDisconnected: { v: 1 },
  ContainerInstanceStatusChanged: { v: 1 },
  ContainerInstanceDeregistered: { v: 1 },
  AttributesPut: { v: 1 },
  AttributesDeleted: { v: 1 },
};
