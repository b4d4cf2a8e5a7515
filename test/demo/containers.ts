import Docker from 'dockerode';

const FAMILY_LABEL = 'com.amazonaws.ecs.task-definition-family';
const docker = new Docker();

export interface DemoContainer {
  readonly id: string;
  readonly state: string;
}

/** Containers of one family, straight from the engine: what really runs. */
export async function containersOf(family: string, runningOnly: boolean): Promise<DemoContainer[]> {
  const found = await docker.listContainers({ all: !runningOnly, filters: { label: [`${FAMILY_LABEL}=${family}`] } });
  return found.map(({ Id, State }) => ({ id: Id, state: State }));
}

export async function killContainer(id: string): Promise<void> {
  await docker.getContainer(id).kill();
}

/** Removes what is left of the families with this prefix. */
export async function removeContainersOf(prefix: string): Promise<void> {
  const found = await docker.listContainers({ all: true, filters: { label: [FAMILY_LABEL] } });
  const ours = found.filter(({ Labels }) => Labels[FAMILY_LABEL]?.startsWith(prefix) === true);
  await Promise.all(ours.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
}
