export { createService } from './create-service.ts';
export { deleteService } from './delete-service.ts';
export { describeServices, listServices, listServicesByNamespace } from './queries.ts';
export { updateService } from './update-service.ts';
