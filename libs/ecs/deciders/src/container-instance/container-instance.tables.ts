import type { ClusterEvent, ContainerInstanceCommand, ContainerInstanceEvent } from '#libs/ecs/messages';
import type { ClusterState } from '../cluster-state.ts';
import type { DecideTable, EvolveTable } from '../shared/message-tables.ts';
import { decideDeleteAttributes, decidePutAttributes } from './attributes.decider.ts';
import {
  decideDeregisterContainerInstance,
  decideDrainContainerInstance,
  decideReportInstanceDisconnected,
  decideUpdateContainerInstancesState,
} from './instance-status.decider.ts';
import {
  evolveAttributesDeleted,
  evolveAttributesPut,
  evolveConnected,
  evolveDeregistered,
  evolveDisconnected,
  evolveRegistered,
  evolveStatusChanged,
} from './instance.evolve.ts';
import { decideRegisterContainerInstance } from './register-instance.decider.ts';

export const containerInstanceDeciders: DecideTable<ClusterState, ContainerInstanceCommand, ClusterEvent> = {
  RegisterContainerInstance: decideRegisterContainerInstance,
  ReportInstanceDisconnected: decideReportInstanceDisconnected,
  DeregisterContainerInstance: decideDeregisterContainerInstance,
  UpdateContainerInstancesState: decideUpdateContainerInstancesState,
  DrainContainerInstance: decideDrainContainerInstance,
  PutAttributes: decidePutAttributes,
  DeleteAttributes: decideDeleteAttributes,
};

export const containerInstanceEvolvers: EvolveTable<ClusterState, ContainerInstanceEvent> = {
  ContainerInstanceRegistered: evolveRegistered,
  ContainerInstanceConnected: evolveConnected,
  ContainerInstanceDisconnected: evolveDisconnected,
  ContainerInstanceStatusChanged: evolveStatusChanged,
  ContainerInstanceDeregistered: evolveDeregistered,
  AttributesPut: evolveAttributesPut,
  AttributesDeleted: evolveAttributesDeleted,
};
