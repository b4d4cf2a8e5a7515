export { deleteTaskDefinitions } from './delete-task-definitions.ts';
export { deregisterTaskDefinition } from './deregister-task-definition.ts';
export { describeTaskDefinition, listTaskDefinitionFamilies, listTaskDefinitions } from './queries.ts';
export { registerTaskDefinition } from './register-task-definition.ts';
