export { serviceControllerSaga } from './service-controller.saga.ts';
