import { hostname } from 'node:os';
import type { DockerOptions } from 'dockerode';
import { Docker } from '../engine/dockerode.ts';
import { LABELS } from './labels.ts';

/** A container that an agent under `waybill up` has made, whether that agent still runs or not. */
export interface StackContainer {
  readonly runtimeId: string;
  readonly name: string;
  readonly image: string;
  readonly taskArn: string;
  /** Docker's word: running, exited, … */
  readonly state: string;
  /** The container instance that it belongs to. */
  readonly instanceId: string;
  /** The data folder of that `waybill up`, on this machine. */
  readonly home: string;
}

/** The label's value: a path means something on its own machine only, and engines may be shared. */
export const homeLabel = (home: string): string => `${hostname()}:${home}`;

/** All containers of this machine's data folders, stopped ones too. @throws what dockerode throws */
export async function listStackContainers(docker?: DockerOptions): Promise<readonly StackContainer[]> {
  const found = await new Docker(docker).listContainers({ all: true, filters: { label: [LABELS.home] } });
  const prefix = homeLabel('');
  return found.flatMap(({ Id, Names, Image, State, Labels }) => {
    const home = Labels[LABELS.home] ?? '';
    if (!home.startsWith(prefix)) return [];
    return {
      runtimeId: Id,
      name: (Names[0] ?? Id).replace(/^\//, ''),
      image: Labels[LABELS.image] ?? Image,
      taskArn: Labels[LABELS.taskArn] ?? '',
      state: State,
      instanceId: Labels[LABELS.instanceId] ?? '',
      home: home.slice(prefix.length),
    };
  });
}
