import type { ClusterLifecycleCommand } from './cluster/commands.ts';
import type { ClusterLifecycleEvent } from './cluster/events.ts';
import type { ContainerInstanceCommand } from './container-instance/commands.ts';
import type { ContainerInstanceEvent } from './container-instance/events.ts';
import type { ServiceCommand } from './service/commands.ts';
import type { ServiceEvent } from './service/events.ts';
import type { TaskDefinitionCommand } from './task-definition/commands.ts';
import type { TaskDefinitionEvent } from './task-definition/events.ts';
import type { TaskCommand } from './task/commands.ts';
import type { AssignTask } from './task/effects.ts';
import type { TaskEvent } from './task/events.ts';
import type { TermStarted } from './term.ts';

/*
 * Which aggregates live in the shards of which kind. Identifiers in commands are already resolved by the operations (ids
 * instead of ARNs, a task definition instead of its name). Commands from outside are decided exactly like those of a saga.
 */

/** Commands to a cluster's shard (`ecs.<account>.<cluster>`). */
export type ClusterCommand = ClusterLifecycleCommand | ContainerInstanceCommand | TaskCommand | ServiceCommand;

/** Facts of a cluster's shard. */
export type ClusterEvent = TermStarted | ClusterLifecycleEvent | ContainerInstanceEvent | TaskEvent | ServiceEvent;

export type ClusterEffect = AssignTask;

/** Commands to the account's shard (`ecs.<account>`). */
export type AccountCommand = TaskDefinitionCommand;

/** Facts of the account's shard. */
export type AccountEvent = TermStarted | TaskDefinitionEvent;
