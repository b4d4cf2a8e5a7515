import type { ClusterEvent, ServiceCommand, ServiceEvent } from '#libs/ecs/messages';
import type { ClusterState } from '../cluster-state.ts';
import type { DecideTable, EvolveTable } from '../shared/message-tables.ts';
import { decideCreateService } from './create-service.decider.ts';
import { decideCloseService, decideDeleteService } from './delete-service.decider.ts';
import { decideRollBackService, decideSettleDeployment } from './deployment.decider.ts';
import { decidePostServiceMessage } from './service-message.decider.ts';
import { decideStartServiceTasks, decideStopServiceTasks } from './service-tasks.decider.ts';
import {
  evolveDeploymentCompleted,
  evolveDeploymentFailed,
  evolveDeploymentImagesResolved,
  evolveDeploymentRetired,
  evolveDeploymentStarted,
  evolveServiceCreated,
  evolveServiceDeleted,
  evolveServiceDeletionRequested,
  evolveServiceMessagePosted,
  evolveServiceStartsDelayed,
  evolveServiceSteadyStateReached,
  evolveServiceUpdated,
} from './service.evolve.ts';
import { decideUpdateService } from './update-service.decider.ts';

export const serviceDeciders: DecideTable<ClusterState, ServiceCommand, ClusterEvent> = {
  CreateService: decideCreateService,
  UpdateService: decideUpdateService,
  DeleteService: decideDeleteService,
  StartServiceTasks: decideStartServiceTasks,
  StopServiceTasks: decideStopServiceTasks,
  SettleDeployment: decideSettleDeployment,
  RollBackService: decideRollBackService,
  CloseService: decideCloseService,
  PostServiceMessage: decidePostServiceMessage,
};

export const serviceEvolvers: EvolveTable<ClusterState, ServiceEvent> = {
  ServiceCreated: evolveServiceCreated,
  ServiceUpdated: evolveServiceUpdated,
  DeploymentStarted: evolveDeploymentStarted,
  DeploymentImagesResolved: evolveDeploymentImagesResolved,
  DeploymentCompleted: evolveDeploymentCompleted,
  DeploymentFailed: evolveDeploymentFailed,
  DeploymentRetired: evolveDeploymentRetired,
  ServiceSteadyStateReached: evolveServiceSteadyStateReached,
  ServiceMessagePosted: evolveServiceMessagePosted,
  ServiceStartsDelayed: evolveServiceStartsDelayed,
  ServiceDeletionRequested: evolveServiceDeletionRequested,
  ServiceDeleted: evolveServiceDeleted,
};
