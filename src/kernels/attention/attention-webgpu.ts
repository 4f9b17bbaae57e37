/**
 * Attention forward on WebGPU in one pass: per head and sentence, out = dropout(softmax(q · kᵀ / √size)) · v, with the
 * softmax taken online (Milakov and Gimelshein 2018; Dao et al. 2022). See attention-sweep.ts for how work is divided.
 */

import { grid, type Program } from '../device/program.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { scaleOf, thresholdOf } from '../dropout-mask.ts';
import { chunk, chunksOf, groupsOf, lines, met, store, sum, sweepProgram, type Variant } from './attention-sweep.ts';

const own = (software: boolean) => (software ? 2 : 1); // more take long to compile and gain little
const turn = 4;
/** Below every score, and finite. */
const lowest = '-1e30';

function attentionProgram(variant: Variant): Program {
  const { size, dropout, software } = variant;
  const chunks = chunksOf(size);
  const owned = own(software);
  const each = (line: (a: number) => string) => lines(owned, line);
  const before = each(
    (a) => `
  ${lines(chunks, (c) => `let q${a}_${c} = ${chunk(size, 'query', `at${a}`, `${c}u`)} * scale_2;`)}
  ${lines(chunks, (c) => `var o${a}_${c} = vec4f();`)}
  var top${a} = ${lowest};
  var sum${a} = 0.0;`,
  );
  const body = `
      ${each((a) => lines(turn, (i) => `var s${a}_${i} = 0.0;`))}
      ${lines(
        chunks,
        (c) => `{
        ${lines(turn, (i) => `let k${i} = ${met(variant, 'key', i, c)};`)}
        ${each((a) => lines(turn, (i) => `s${a}_${i} += dot(q${a}_${c}, k${i});`))}
      }`,
      )}
      ${lines(turn - 1, (i) => `let beyond${i + 1} = j + ${i + 1}u >= end;`)}
      ${each(
        (a) => `
      ${lines(turn - 1, (i) => `s${a}_${i + 1} = select(s${a}_${i + 1}, ${lowest}, beyond${i + 1});`)}
      let new_top${a} = ${Array.from({ length: turn }, (_, i) => i).reduce((t, i) => `max(${t}, s${a}_${i})`, `top${a}`)};
      if (new_top${a} > top${a}) {
        let shrink = exp2(top${a} - new_top${a});
        sum${a} *= shrink;
        ${lines(chunks, (c) => `o${a}_${c} *= shrink;`)}
        top${a} = new_top${a};
      }
      ${lines(turn, (i) => `var p${a}_${i} = exp2(s${a}_${i} - top${a});`)}
      sum${a} += ${sum(turn, (i) => `p${a}_${i}`)};
      ${dropout ? lines(turn / 2, (i) => `let kept${a}_${i} = kept_pair(mask_key, line${a} * 1024u + j - start + ${2 * i}u);`) : ''}
      ${dropout ? lines(turn, (i) => `p${a}_${i} = select(0.0, p${a}_${i}, kept${a}_${i >> 1}[${i & 1}]);`) : ''}`,
      )}
      ${lines(
        chunks,
        (c) => `{
        ${lines(turn, (i) => `let v${i} = ${met(variant, 'value', i, c)};`)}
        ${each((a) => `o${a}_${c} += ${sum(turn, (i) => `p${a}_${i} * v${i}`)};`)}
      }`,
      )}`;
  const after = each(
    (a) => `
  if (first + ${a}u < own_end) {
    let total = max(sum${a}, 1.0); // below 1 only for tokens of no sentence
    let factor = ${dropout ? 'uniforms.keep_scale' : '1.0'} / total;
    ${store(size, 'out', a, (c) => `o${a}_${c} * factor`)}
    statistics[line${a}] = vec2u(bitcast<u32>(top${a} + log2(total)), 0u);
  }`,
  );
  return sweepProgram(variant, {
    name: 'attention',
    rows: { query: 'read', key: 'read', value: 'read', out: 'write' },
    others: { statistics: 'write vec2u', ...(dropout ? { step_key: 'read i32' } : {}) },
    uniforms: dropout ? { place: 'i32', threshold: 'u32', keep_scale: 'f32' } : {},
    swept: ['key', 'value'],
    own: owned,
    turn,
    before: `${
      dropout
        ? `let mask_key = place_key(step_key[0], uniforms.place);
  if (first == 0u && head == 0u) { statistics[uniforms.tokens * uniforms.heads] = vec2u(mask_key, 0u); }`
        : ''
    }\n${before}`,
    body,
    after,
  });
}

/**
 * Inputs: query, key, value `[tokens, hidden]`; starts `[rows + 1]` int32; with a rate above 0 the step's dropout key, `[1]`
 * int32. Outputs: the result, 0 for tokens of no sentence, and the statistics that the gradient needs:
 * `[tokens · heads + 1, 2]` int32, the bits of (log₂ Σ 2^score, D once the gradient has it) of each token and head, and
 * at the end the key of the mask.
 */
defineGpuKernel<{ heads: number; rate: number; place: number }>(
  'EmbedsmithAttention',
  (gpu, [query, key, value, starts, step_key], { heads, rate, place }) => {
    const [tokens, hidden] = query!.shape as [number, number];
    const { software } = gpu;
    const variant = { size: hidden / heads, dropout: rate > 0, software };
    const counts = { tokens, rows: starts!.shape[0]! - 1, heads };
    const threshold = thresholdOf(rate);
    const out = gpu.create([tokens, hidden]);
    const statistics = gpu.create([tokens * heads + 1, 2], 'int32');
    gpu.run(
      attentionProgram(variant),
      { query: query!, key: key!, value: value!, starts: starts!, ...(step_key ? { step_key } : {}), out, statistics },
      { ...counts, place, threshold, keep_scale: scaleOf(threshold) },
      grid(groupsOf(variant, own(software), counts)),
    );
    return [out, statistics];
  },
);
