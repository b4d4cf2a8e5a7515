import type { TaskDefinitionAnswer } from '#libs/ecs/messages';
import { describeTaskDefinition } from '#libs/ecs/views';
import type { ViewDirectory } from '#libs/ecs/views';

/** A revision as DescribeTaskDefinition shows it: what the responses to changes of it are made of. */
export function describedRevision(
  views: ViewDirectory,
  { family, revision }: TaskDefinitionAnswer,
): ReturnType<typeof describeTaskDefinition> {
  return describeTaskDefinition(views, { taskDefinition: `${family}:${revision}`, include: ['TAGS'] });
}
