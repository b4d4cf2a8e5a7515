import { listAccountSettings as list } from '#libs/ecs/views';
import { query } from '../operation.ts';

export const listAccountSettings = query('ListAccountSettings', { answer: list });
