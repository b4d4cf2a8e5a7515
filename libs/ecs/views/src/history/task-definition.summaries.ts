import type { TaskDefinitionEvent } from '#libs/ecs/messages';
import type { EventHandlers } from '../view/event-handlers.ts';
import { isRevision, isTaskDefinition, tagWords } from './about.ts';
import type { About, Summary } from './about.ts';

export const taskDefinitionSummaries: EventHandlers<TaskDefinitionEvent, [about: About], Summary> = {
  TaskDefinitionRegistered: ({ taskDefinition, registeredBy }, about) =>
    isTaskDefinition(about, taskDefinition.taskDefinitionArn) ? `registered by ${registeredBy}` : null,
  TaskDefinitionDeregistered: ({ family, revision }, about) =>
    isRevision(about, family, revision) ? 'deregistered: INACTIVE' : null,
  TaskDefinitionDeletionRequested: ({ family, revision }, about) =>
    isRevision(about, family, revision) ? 'deletion requested: DELETE_IN_PROGRESS' : null,
  TaskDefinitionTagged: ({ family, revision, tags }, about) =>
    isRevision(about, family, revision) ? `tagged: ${tagWords(tags)}` : null,
  TaskDefinitionUntagged: ({ family, revision, tagKeys }, about) =>
    isRevision(about, family, revision) ? `untagged: ${tagKeys.join(', ')}` : null,
};
