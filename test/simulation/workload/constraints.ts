import type { PlacementConstraint } from '#libs/ecs/messages';

/** What an expression asks about: an instance as the log knows it. */
export interface ConstraintSubject {
  readonly attributes: ReadonlyMap<string, string>;
  /** Task groups of the tasks that are placed there. */
  readonly groups: ReadonlySet<string>;
  readonly taskCount: number;
}

const rack = ({ attributes }: ConstraintSubject): string | undefined => attributes.get('rack');

/** Expressions that callers use, each with its meaning, so that nothing of the product's query language is needed to check. */
const MEANINGS: Readonly<Record<string, (subject: ConstraintSubject) => boolean>> = {
  'attribute:rack == r1': (subject) => rack(subject) === 'r1',
  'attribute:rack in [r1, r2]': (subject) => ['r1', 'r2'].includes(rack(subject) ?? ''),
  'attribute:ssd exists': ({ attributes }) => attributes.has('ssd'),
  'attribute:ssd not_exists': ({ attributes }) => !attributes.has('ssd'),
  'attribute:rack == r3 or attribute:ssd exists': (subject) => rack(subject) === 'r3' || subject.attributes.has('ssd'),
  'attribute:ecs.availability-zone =~ zone-[12]': ({ attributes }) =>
    /^zone-[12]$/.test(attributes.get('ecs.availability-zone') ?? ''),
  'runningTasksCount < 3': ({ taskCount }) => taskCount < 3,
  'not(task:group == family:fixed)': ({ groups }) => !groups.has('family:fixed'),
};

export const EXPRESSIONS: readonly string[] = Object.keys(MEANINGS);

/** Whether a subject meets a constraint of type `memberOf`. @throws for one that callers do not use */
export function isMember(subject: ConstraintSubject, { expression = '' }: PlacementConstraint): boolean {
  const meaning = MEANINGS[expression];
  if (meaning === undefined) throw new Error(`the simulation does not know what ${expression} means`);
  return meaning(subject);
}
