/** The stepper for the backend that a model's parameters lie on. */
import type { RunConfig } from '../contract/catalogue.ts';
import { currentDispatcher } from '../kernels/device/webgpu.ts';
import { arenaOf } from '../kernels/update/parameter-arena.ts';
import type { Model } from '../model/model.ts';
import { createRecordedStepper } from './recorded-step.ts';
import { createEagerStepper, type Stepper } from './step.ts';

/** The caller disposes it; the model's parameters stay. */
export function createStepper(model: Model, config: RunConfig): Stepper {
  const gpu = currentDispatcher();
  const arena = arenaOf(model.parameters);
  return gpu && arena ? createRecordedStepper(model, config, gpu, arena) : createEagerStepper(model, config);
}
