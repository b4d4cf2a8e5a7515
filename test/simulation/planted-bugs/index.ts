import { AGENT_BUGS } from './agent-bugs.ts';
import { CONTAINER_BUGS } from './container-bugs.ts';
import { CONTROL_PLANE_BUGS } from './control-plane-bugs.ts';
import { LAUNCH_BUGS } from './launch-bugs.ts';
import { NETWORK_BUGS } from './network-bugs.ts';
import { PLACEMENT_BUGS } from './placement-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { SERVICE_BUGS } from './service-bugs.ts';
import { TASK_BUGS } from './task-bugs.ts';

export type { PlantedBug } from './planted-bug.ts';

/** Every bug that the invariants must find. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...CONTROL_PLANE_BUGS,
  ...TASK_BUGS,
  ...PLACEMENT_BUGS,
  ...SERVICE_BUGS,
  ...AGENT_BUGS,
  ...CONTAINER_BUGS,
  ...NETWORK_BUGS,
  ...LAUNCH_BUGS,
];
