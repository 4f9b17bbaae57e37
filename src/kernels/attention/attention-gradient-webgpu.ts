/**
 * Attention backward on WebGPU, probabilities recomputed from the forward pass's log-sum-exp (Dao et al. 2022). With
 * kept ∈ {0, 1/(1 − rate)}, p = softmax(q · kᵀ / √size), D = Σ dout · out and ds = p · (kept · dout · vᵀ − D):
 * dq = ds · k / √size by queries, then dk = dsᵀ · q / √size and dv = (kept · p)ᵀ · dout by keys.
 */

import { grid, type Program } from '../device/program.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { scaleOf, thresholdOf } from '../dropout-mask.ts';
import { accumulate, across, blocksOf, lines, products } from './attention-blocks.ts';
import { at, read } from './attention-rows.ts';
import { groupsOf, sweepProgram, type Variant } from './attention-sweep.ts';

const maskUniforms = { threshold: 'u32', keep_scale: 'f32' } as const;
const readMaskKey = 'let mask_key = statistics[uniforms.tokens * uniforms.heads].x;';

/** By queries: dq, and D beside the log-sum-exp. */
function queryGradientProgram(variant: Variant): Program {
  const { dropout, software } = variant;
  const blocks = blocksOf(software);
  const before = `
  ${dropout ? readMaskKey : ''}
  var inner = vec4f();
  {
    let at_out = ${at('out', 'own')};
    for (var c = ${software ? '0u' : 'column'}; c < chunks; c += ${software ? 1 : 8}u) {
      inner += vec4f(${[0, 1, 2, 3].map((a) => `dot(${read('out', `at_out[${a}]`, 'c')}, ${read('dout', `at_out[${a}]`, 'c')})`).join(', ')});
    }
  }
  ${across(software, 'inner', (a, b) => `${a} + ${b}`)}
  let log_sum = vec4f(${[0, 1, 2, 3].map((a) => `bitcast<f32>(statistics[line[${a}]].x)`).join(', ')});`;
  const column = (b: number, i: number) => `
    s${b}[${i}] = select(vec4f(), scale * exp2(s${b}[${i}] * scale_2 - log_sum) * (dp${b}[${i}] - inner), met${b}[${i}] < end);`;
  const body = `
    ${products(software, 's', 'query', 'key')}
    ${products(software, 'dp', 'dout', 'value')}
    ${lines(blocks, (b) =>
      lines(
        2,
        (pair) => `
    ${
      dropout
        ? `let draw${b}_${pair} = draw_pairs(mask_key, line * 1024u + (met${b}[${2 * pair}] - start));
    dp${b}[${2 * pair}] = select(vec4f(), dp${b}[${2 * pair}] * uniforms.keep_scale, (draw${b}_${pair} & vec4u(0xffffu)) >= vec4u(uniforms.threshold));
    dp${b}[${2 * pair + 1}] = select(vec4f(), dp${b}[${2 * pair + 1}] * uniforms.keep_scale, (draw${b}_${pair} >> vec4u(16u)) >= vec4u(uniforms.threshold));`
        : ''
    }
    ${column(b, 2 * pair)}
    ${column(b, 2 * pair + 1)}`,
      ),
    )}
    ${accumulate(variant, 'dquery', 's', 'key', 'vec4f(1.0)')}`;
  const after = `
  ${software ? '{' : 'if (column == 0u) {'}
    ${lines(4, (a) => `if (${a}u < owned) { statistics[line[${a}]].y = bitcast<u32>(inner[${a}]); }`)}
  }`;
  return sweepProgram(variant, {
    name: 'attention-query-gradient',
    buffers: ['qkv', 'out', 'dout', 'dqkv'],
    others: { statistics: 'write vec2u' },
    uniforms: dropout ? maskUniforms : {},
    results: ['dquery'],
    before,
    body,
    after,
  });
}

/** By keys: dk and dv. */
function keyGradientProgram(variant: Variant): Program {
  const { dropout, software } = variant;
  const blocks = blocksOf(software);
  const body = `
    ${products(software, 's', 'key', 'query')}
    ${products(software, 'dp', 'value', 'dout')}
    ${lines(
      blocks,
      (b) => `
    let met_line${b} = min(met${b}, vec4u(end - 1u)) * uniforms.heads + head;
    ${
      dropout
        ? `let draw${b}_0 = draw_pairs(mask_key, met_line${b} * 1024u + (first - start));
    let draw${b}_1 = draw_pairs(mask_key, met_line${b} * 1024u + (first - start) + 2u);`
        : ''
    }
    ${lines(
      4,
      (i) => `{
      let saved = bitcast<vec2f>(statistics[met_line${b}[${i}]]);
      let p = select(vec4f(), exp2(s${b}[${i}] * scale_2 - saved.x), met${b}[${i}] < end);
      ${
        dropout
          ? `let draw = vec4u(draw${b}_0[${i}], draw${b}_0[${i}] >> 16u, draw${b}_1[${i}], draw${b}_1[${i}] >> 16u);
      let kept = select(vec4f(), p * uniforms.keep_scale, (draw & vec4u(0xffffu)) >= vec4u(uniforms.threshold));`
          : 'let kept = p;'
      }
      s${b}[${i}] = scale * (kept * dp${b}[${i}] - p * saved.y);
      dp${b}[${i}] = kept;
    }`,
    )}`,
    )}
    ${accumulate(variant, 'dkey', 's', 'query', 'vec4f(1.0)')}
    ${accumulate(variant, 'dvalue', 'dp', 'dout', 'vec4f(1.0)')}`;
  return sweepProgram(variant, {
    name: 'attention-key-gradient',
    buffers: ['qkv', 'dout', 'dqkv'],
    others: { statistics: 'read vec2u' },
    uniforms: dropout ? maskUniforms : {},
    results: ['dkey', 'dvalue'],
    before: dropout ? readMaskKey : '',
    body,
    after: '',
  });
}

/**
 * Inputs: qkv and starts of EmbedsmithAttention, its two outputs, and the gradient of the first. Output: the gradient of
 * qkv; 0 for tokens of no sentence.
 */
defineGpuKernel<{ heads: number; rate: number }>(
  'EmbedsmithAttentionGradient',
  (gpu, [qkv, starts, out, statistics, dout], { heads, rate }) => {
    const [tokens, joined] = qkv!.shape as [number, number];
    const variant = {
      size: joined / 3 / heads,
      dropout: rate > 0,
      software: gpu.software,
      storage: gpu.storageOf(qkv!),
    };
    const counts = { tokens, rows: starts!.shape[0]! - 1, heads, size: variant.size };
    const threshold = thresholdOf(rate);
    const uniforms = { ...counts, threshold, keep_scale: scaleOf(threshold) };
    const dqkv = gpu.create([tokens, joined], variant.storage);
    const running = variant.storage === 'float16' ? gpu.create([tokens, joined]) : null;
    const inputs = { qkv: qkv!, starts: starts!, statistics: statistics!, dout: dout! };
    const tensors = { ...inputs, dqkv, ...(running && { running }) };
    const groups = grid(groupsOf(variant, counts));
    gpu.run(queryGradientProgram(variant), { ...tensors, out: out! }, uniforms, groups);
    gpu.run(keyGradientProgram(variant), tensors, uniforms, groups);
    if (running) gpu.backend.disposeData(running.dataId);
    return [dqkv];
  },
);
