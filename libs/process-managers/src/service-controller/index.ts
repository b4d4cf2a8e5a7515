export { serviceControllerSaga, SERVICES_STARTING_AT_ONCE_MAX } from './service-controller.saga.ts';
