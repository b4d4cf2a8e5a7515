export { stsService } from './sts-service.ts';
