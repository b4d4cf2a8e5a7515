export { describeTasks, listTasks } from './queries.ts';
export { runTask } from './run-task.ts';
export { startTask } from './start-task.ts';
export { stopTask } from './stop-task.ts';
