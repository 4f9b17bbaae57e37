/**
 * Attention forward on WebGPU in one pass: per head and sentence, out = dropout(softmax(q · kᵀ / √size)) · v, with the
 * softmax taken online (Milakov and Gimelshein 2018; Dao et al. 2022). See attention-sweep.ts for how work is divided.
 */

import { grid, type Program } from '../device/program.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { scaleOf, thresholdOf } from '../dropout-mask.ts';
import { accumulate, across, blocksOf, lines, products } from './attention-blocks.ts';
import { groupsOf, sweepProgram, type Variant } from './attention-sweep.ts';

/** Below every score, and finite. */
const lowest = 'vec4f(-1e30)';

function attentionProgram(variant: Variant): Program {
  const { dropout, software } = variant;
  const blocks = blocksOf(software);
  const columns = (line: (b: number, i: number) => string) => lines(blocks, (b) => lines(4, (i) => line(b, i)));
  const body = `
    ${products(software, 's', 'query', 'key')}
    var highest = top;
    ${columns(
      (b, i) => `
    s${b}[${i}] = select(${lowest}, s${b}[${i}] * scale_2, met${b}[${i}] < end);
    highest = max(highest, s${b}[${i}]);`,
    )}
    ${across(software, 'highest', (a, b) => `max(${a}, ${b})`)}
    var sum = vec4f();
    ${columns(
      (b, i) => `
    s${b}[${i}] = exp2(s${b}[${i}] - highest);
    sum += s${b}[${i}];`,
    )}
    ${across(software, 'sum', (a, b) => `${a} + ${b}`)}
    let before = total * exp2(top - highest);
    top = highest;
    total = before + sum;
    let factor = ${dropout ? 'uniforms.keep_scale' : '1.0'} / total;
    ${lines(blocks, (b) =>
      dropout
        ? lines(
            2,
            (pair) => `
    let draw${b}_${pair} = draw_pairs(mask_key, line * 1024u + (met${b}[${2 * pair}] - start));
    s${b}[${2 * pair}] = select(vec4f(), s${b}[${2 * pair}] * factor, (draw${b}_${pair} & vec4u(0xffffu)) >= vec4u(uniforms.threshold));
    s${b}[${2 * pair + 1}] = select(vec4f(), s${b}[${2 * pair + 1}] * factor, (draw${b}_${pair} >> vec4u(16u)) >= vec4u(uniforms.threshold));`,
          )
        : lines(4, (i) => `s${b}[${i}] *= factor;`),
    )}
    let carry = before / total;
    ${accumulate(variant, 'out', 's', 'value', 'carry')}`;
  const after = `
  ${software ? '{' : 'if (column == 0u) {'}
    let log_sum = top + log2(total);
    ${lines(4, (a) => `if (${a}u < owned) { statistics[line[${a}]] = vec2u(bitcast<u32>(log_sum[${a}]), 0u); }`)}
  }`;
  return sweepProgram(variant, {
    name: 'attention',
    buffers: ['qkv', 'out'],
    others: { statistics: 'write vec2u', ...(dropout ? { step_key: 'read i32' } : {}) },
    uniforms: dropout ? { place: 'i32', threshold: 'u32', keep_scale: 'f32' } : {},
    results: ['out'],
    before: `${
      dropout
        ? `let mask_key = place_key(step_key[0], uniforms.place);
  if (own[0] == 0u && head == 0u) { statistics[uniforms.tokens * uniforms.heads] = vec2u(mask_key, 0u); }`
        : ''
    }
  var top = ${lowest};
  var total = vec4f();`,
    body,
    after,
  });
}

/**
 * Inputs: qkv `[tokens, 3 · hidden]`; starts `[rows + 1]` int32; with a rate above 0 the step's dropout key, `[1]` int32.
 * Outputs: the result, 0 for tokens of no sentence, and the statistics that the gradient needs:
 * `[tokens · heads + 1, 2]` int32, the bits of (log₂ Σ 2^score, D once the gradient has it) of each token and head, and
 * at the end the key of the mask.
 */
defineGpuKernel<{ heads: number; rate: number; place: number }>(
  'EmbedsmithAttention',
  (gpu, [qkv, starts, step_key], { heads, rate, place }) => {
    const [tokens, joined] = qkv!.shape as [number, number];
    const hidden = joined / 3;
    const variant = { size: hidden / heads, dropout: rate > 0, software: gpu.software, storage: gpu.storageOf(qkv!) };
    const program = attentionProgram(variant);
    const counts = { tokens, rows: starts!.shape[0]! - 1, heads, size: variant.size };
    const threshold = thresholdOf(rate);
    const out = gpu.create([tokens, hidden], variant.storage);
    const running = variant.storage === 'float16' ? gpu.create([tokens, hidden]) : null;
    const statistics = gpu.create([tokens * heads + 1, 2], 'int32');
    gpu.run(
      program,
      { qkv: qkv!, starts: starts!, ...(step_key ? { step_key } : {}), out, statistics, ...(running && { running }) },
      { ...counts, place, threshold, keep_scale: scaleOf(threshold) },
      grid(groupsOf(variant, counts)),
    );
    if (running) gpu.backend.disposeData(running.dataId);
    return [out, statistics];
  },
);
