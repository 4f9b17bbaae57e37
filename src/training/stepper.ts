/** The stepper for the backend that a model's parameters lie on. */
import type { RunConfig } from '../contract/catalogue.ts';
import { currentDispatcher } from '../kernels/device/webgpu.ts';
import type { TileStorage } from '../kernels/linear/tuner.ts';
import { arenaOf } from '../kernels/update/parameter-arena.ts';
import type { Model } from '../model/model.ts';
import { createRecordedStepper } from './recorded-step.ts';
import { createEagerStepper, type Stepper } from './step.ts';

/**
 * The caller disposes it; the model's parameters stay.
 * @param tiles remembers what was measured of a GPU
 */
export function createStepper(model: Model, config: RunConfig, tiles: TileStorage = new Map()): Stepper {
  const gpu = currentDispatcher();
  const arena = arenaOf(model.parameters);
  return gpu && arena ? createRecordedStepper(model, config, gpu, arena, tiles) : createEagerStepper(model, config);
}
