export { containerStatusIn } from './container-status.ts';
export { goldensIn } from './goldens-in.ts';
