export { deleteAttributes, putAttributes } from './attributes.ts';
export { deregisterContainerInstance } from './deregister-container-instance.ts';
export { describeContainerInstances, listAttributes, listContainerInstances } from './queries.ts';
export { updateContainerInstancesState } from './update-container-instances-state.ts';
