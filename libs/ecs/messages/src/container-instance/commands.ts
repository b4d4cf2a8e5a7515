import type { Attribute, Tag } from '../model.ts';
import type { WantedSum } from '../task/wanted-task.ts';
import type { HostLaunchType } from './events.ts';

/** A host agent opened a session: first registration or return. */
export interface RegisterContainerInstance {
  readonly type: 'RegisterContainerInstance';
  readonly instanceId: string;
  readonly sessionId: string;
  readonly resources: InstanceResources;
  readonly attributes: readonly Attribute[];
  readonly versionInfo: InstanceVersionInfo;
  readonly hostname: string;
  readonly tags?: readonly Tag[];
  /** What kinds of tasks the host takes. Absent: EC2, EXTERNAL. */
  readonly launchTypes?: readonly HostLaunchType[];
  /** What the agent has read of its wanted set; it is refused when the set has changed since. Absent: not compared. */
  readonly wanted?: WantedSum;
}

/** What a host offers; reported at registration. CPU units (1024 a core), MiB, port numbers. */
export interface InstanceResources {
  readonly cpu: number;
  readonly memory: number;
  readonly reservedTcpPorts: readonly number[];
  readonly reservedUdpPorts: readonly number[];
  readonly gpuIds?: readonly string[];
}

export interface InstanceVersionInfo {
  readonly agentVersion: string;
  readonly agentHash?: string;
  readonly dockerVersion: string;
}

/** The instance monitor missed the heartbeats of the named session. */
export interface ReportInstanceDisconnected {
  readonly type: 'ReportInstanceDisconnected';
  readonly instanceId: string;
  readonly sessionId: string;
}

export interface DeregisterContainerInstance {
  readonly type: 'DeregisterContainerInstance';
  readonly instanceId: string;
  readonly force: boolean;
}

export interface UpdateContainerInstancesState {
  readonly type: 'UpdateContainerInstancesState';
  readonly instanceIds: readonly string[];
  readonly status: 'ACTIVE' | 'DRAINING';
}

/** The agent is about to end and asks for no new tasks. Its own session may ask, and the next session lifts it. */
export interface DrainContainerInstance {
  readonly type: 'DrainContainerInstance';
  readonly instanceId: string;
  readonly sessionId: string;
}

/** An attribute and what it is for, as far as the caller said. */
export interface TargetedAttribute extends Attribute {
  readonly targetType?: string;
  readonly instanceId?: string;
}

export interface PutAttributes {
  readonly type: 'PutAttributes';
  readonly attributes: readonly TargetedAttribute[];
}

export interface DeleteAttributes {
  readonly type: 'DeleteAttributes';
  readonly attributes: readonly TargetedAttribute[];
}

export type ContainerInstanceCommand =
  | RegisterContainerInstance
  | ReportInstanceDisconnected
  | DeregisterContainerInstance
  | UpdateContainerInstancesState
  | DrainContainerInstance
  | PutAttributes
  | DeleteAttributes;
