import type { ContainerInput, Rejection } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { firstRefusal } from './first-refusal.ts';

const CONDITIONS = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'];

/** dependsOn, links and volumesFrom: whom they name, what they wait for, and no circles, by one of them or by several. */
export function checkDependencies(containers: readonly ContainerInput[]): Rejection | null {
  const byName = new Map(containers.map((container) => [container.name ?? '', container]));
  return (
    firstRefusal(containers, (container) => checkConditions(container, byName)) ??
    firstRefusal(containers, (container) => checkLinks(container, byName)) ??
    checkCircles(byName, dependenciesOf, 'Container dependsOn contains a cycle') ??
    checkCircles(byName, linksOf, 'Container links should not have a cycle') ??
    checkCircles(byName, sourcesOf, 'Container volumesFrom should not have a cycle') ??
    checkCircles(byName, allNamed, 'Containers wait for one another by dependsOn, links and volumesFrom')
  );
}

function checkConditions(container: ContainerInput, byName: ReadonlyMap<string, ContainerInput>): Rejection | null {
  return firstRefusal(container.dependsOn ?? [], ({ containerName, condition }) => {
    const dependency = byName.get(containerName);
    if (dependency === undefined) {
      return clientError(`Cannot depend on container + '${containerName}' because it does not exist`);
    }
    if (!CONDITIONS.includes(condition)) return clientError(`Invalid container dependency condition: ${condition}.`);
    const mustEnd = condition === 'COMPLETE' || condition === 'SUCCESS';
    if (mustEnd && dependency.essential !== false) {
      return clientError('A dependency container with SUCCESS or COMPLETE condition cannot be an essential container');
    }
    if (condition === 'HEALTHY' && (dependency.healthCheck?.command[0] ?? 'NONE') === 'NONE') {
      return clientError('A dependency container with HEALTHY condition must have health check configured');
    }
    return null;
  });
}

function checkLinks(container: ContainerInput, byName: ReadonlyMap<string, ContainerInput>): Rejection | null {
  return firstRefusal(linksOf(container), (name) =>
    byName.has(name)
      ? null
      : clientError(`Container '${container.name ?? ''}' is linked to unknown container '${name}'.`),
  );
}

function dependenciesOf({ dependsOn = [] }: ContainerInput): readonly string[] {
  return dependsOn.map(({ containerName }) => containerName);
}

/** `name` or `name:alias`. */
function linksOf({ links = [] }: ContainerInput): readonly string[] {
  return links.map((link) => link.split(':')[0] ?? '');
}

function sourcesOf({ volumesFrom = [] }: ContainerInput): readonly string[] {
  return volumesFrom.map(({ sourceContainer = '' }) => sourceContainer);
}

/** Everything that must be there before the container is. */
function allNamed(container: ContainerInput): readonly string[] {
  return [...dependenciesOf(container), ...linksOf(container), ...sourcesOf(container)];
}

/** Follows every path; a container that is met again on its own path closes a circle. */
function checkCircles(
  byName: ReadonlyMap<string, ContainerInput>,
  edges: (container: ContainerInput) => readonly string[],
  text: string,
): Rejection | null {
  const done = new Set<string>();
  const path = new Set<string>();
  const closesCircle = (name: string): boolean => {
    if (path.has(name)) return true;
    const container = byName.get(name);
    if (container === undefined || done.has(name)) return false;
    path.add(name);
    const found = edges(container).some(closesCircle);
    path.delete(name);
    done.add(name);
    return found;
  };
  return [...byName.keys()].some(closesCircle) ? clientError(text) : null;
}
