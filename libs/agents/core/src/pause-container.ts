import type { TaskDefinition } from '#libs/ecs/messages';

/** The container that holds what the containers of a task share, as the ECS agent names it. */
export const PAUSE_CONTAINER_NAME = '~internal~ecs~pause';

/** Whether its containers share a network or a namespace. One container holds all of it. */
export function needsPause({ networkMode, pidMode, ipcMode }: TaskDefinition): boolean {
  return networkMode === 'awsvpc' || pidMode === 'task' || ipcMode === 'task';
}
