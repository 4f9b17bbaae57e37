/**
 * The most bytes that tfjs's tensors (4.22.0) hold at once, for backends that give a tensor's memory back when it is
 * disposed. `tf.memory().numBytes` counts what several tensors share several times.
 */
import * as tf from '@tensorflow/tfjs';

export class ByteMeter {
  /** At the most so far. */
  peak: number;
  private held: number;

  /** @param held bytes that are held already, by what is counted */
  constructor(held: number) {
    this.held = held;
    this.peak = held;
  }

  /** Runs `body` and counts what it makes and disposes of; what is made in here must be disposed of in here, too. */
  within<T>(body: () => T): T {
    const engine = tf.engine();
    const { trackTensor, removeDataId } = engine;
    const { tensorInfo } = engine.state;
    const bytesOf = (dataId: object) => tensorInfo.get(dataId)?.bytes ?? 0;
    engine.trackTensor = (tensor, backend) => {
      const before = bytesOf(tensor.dataId);
      trackTensor.call(engine, tensor, backend);
      this.held += bytesOf(tensor.dataId) - before;
      this.peak = Math.max(this.peak, this.held);
    };
    engine.removeDataId = (dataId, backend) => {
      this.held -= bytesOf(dataId);
      removeDataId.call(engine, dataId, backend);
    };
    try {
      return body();
    } finally {
      Object.assign(engine, { trackTensor, removeDataId });
    }
  }
}
