export { listAccountSettings } from './queries.ts';
