/**
 * Attention backward on WebGPU, probabilities recomputed from the forward pass's log-sum-exp (Dao et al. 2022). With
 * kept ∈ {0, 1/(1 − rate)}, p = softmax(q · kᵀ / √size), D = Σ dout · out and ds = p · (kept · dout · vᵀ − D):
 * dq = ds · k / √size by queries, then dk = dsᵀ · q / √size and dv = (kept · p)ᵀ · dout by keys.
 */

import { grid, type Program } from '../device/program.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { scaleOf, thresholdOf } from '../dropout-mask.ts';
import { chunk, chunksOf, groupsOf, lines, met, store, sum, sweepProgram, type Variant } from './attention-sweep.ts';

const own = (software: boolean) => (software ? 2 : 1); // more take long to compile and gain little
const turn = 2;

const maskUniforms = { threshold: 'u32', keep_scale: 'f32' } as const;
const readMaskKey = 'let mask_key = statistics[uniforms.tokens * uniforms.heads].x;';

/** By queries: dq, and D beside the log-sum-exp. */
function queryGradientProgram(variant: Variant): Program {
  const { size, dropout, software } = variant;
  const chunks = chunksOf(size);
  const owned = own(software);
  const each = (line: (a: number) => string) => lines(owned, line);
  const before = each(
    (a) => `
  var inner${a} = 0.0;
  ${lines(chunks, (c) => `let q${a}_${c} = ${chunk(size, 'query', `at${a}`, `${c}u`)} * scale_2;`)}
  ${lines(
    chunks,
    (c) => `var g${a}_${c} = ${chunk(size, 'dout', `at${a}`, `${c}u`)};
  inner${a} += dot(g${a}_${c}, ${chunk(size, 'out', `at${a}`, `${c}u`)});
  ${dropout ? `g${a}_${c} *= uniforms.keep_scale;` : ''}
  var d${a}_${c} = vec4f();`,
  )}
  let log_sum${a} = bitcast<f32>(statistics[line${a}].x);`,
  );
  const body = `
      ${each((a) => lines(turn, (i) => `var s${a}_${i} = 0.0; var dp${a}_${i} = 0.0;`))}
      ${lines(
        chunks,
        (c) => `{
        ${lines(turn, (i) => `let k${i} = ${met(variant, 'key', i, c)}; let v${i} = ${met(variant, 'value', i, c)};`)}
        ${each((a) => lines(turn, (i) => `s${a}_${i} += dot(q${a}_${c}, k${i}); dp${a}_${i} += dot(g${a}_${c}, v${i});`))}
      }`,
      )}
      ${each(
        (a) => `
      ${dropout ? lines(turn / 2, (b) => `let kept${a}_${b} = kept_pair(mask_key, line${a} * 1024u + j - start + ${2 * b}u);`) : ''}
      ${lines(
        turn,
        (i) => `
      let p${a}_${i} = exp2(s${a}_${i} - log_sum${a});
      let ds${a}_${i} = select(0.0, p${a}_${i} * (${dropout ? `select(0.0, dp${a}_${i}, kept${a}_${i >> 1}[${i & 1}])` : `dp${a}_${i}`} - inner${a}), j + ${i}u < end);`,
      )}`,
      )}
      ${lines(
        chunks,
        (c) => `{
        ${lines(turn, (i) => `let k${i} = ${met(variant, 'key', i, c)};`)}
        ${each((a) => `d${a}_${c} += ${sum(turn, (i) => `ds${a}_${i} * k${i}`)};`)}
      }`,
      )}`;
  const after = each(
    (a) => `
  if (first + ${a}u < own_end) {
    ${store(size, 'dquery', a, (c) => `d${a}_${c} * scale`)}
    statistics[line${a}].y = bitcast<u32>(inner${a});
  }`,
  );
  return sweepProgram(variant, {
    name: 'attention-query-gradient',
    rows: { query: 'read', key: 'read', value: 'read', out: 'read', dout: 'read', dquery: 'write' },
    others: { statistics: 'write vec2u' },
    uniforms: dropout ? maskUniforms : {},
    swept: ['key', 'value'],
    own: owned,
    turn,
    before: `${dropout ? readMaskKey : ''}${before}`,
    body,
    after,
  });
}

/** By keys: dk and dv. */
function keyGradientProgram(variant: Variant): Program {
  const { size, dropout, software } = variant;
  const chunks = chunksOf(size);
  const owned = own(software);
  const each = (line: (a: number) => string) => lines(owned, line);
  const before = each(
    (a) => `
  ${lines(
    chunks,
    (c) => `let k${a}_${c} = ${chunk(size, 'key', `at${a}`, `${c}u`)} * scale_2;
  let v${a}_${c} = ${chunk(size, 'value', `at${a}`, `${c}u`)};
  var dk${a}_${c} = vec4f();
  var dv${a}_${c} = vec4f();`,
  )}`,
  );
  // Of the owned key's pair of neighbours: in the software variant, both are owned.
  const half = (a: number) => (software ? a & 1 : '(first - start) & 1u');
  const body = `
      ${each((a) => lines(turn, (i) => `var s${a}_${i} = 0.0; var dp${a}_${i} = 0.0;`))}
      ${lines(
        chunks,
        (c) => `{
        ${lines(turn, (i) => `let q${i} = ${met(variant, 'query', i, c)}; let g${i} = ${met(variant, 'dout', i, c)};`)}
        ${each((a) => lines(turn, (i) => `s${a}_${i} += dot(k${a}_${c}, q${i}); dp${a}_${i} += dot(v${a}_${c}, g${i});`))}
      }`,
      )}
      ${lines(
        turn,
        (i) => `
      let other_line${i} = min(j + ${i}u, end - 1u) * uniforms.heads + head;
      let saved${i} = bitcast<vec2f>(statistics[other_line${i}]);
      ${dropout ? lines(Math.ceil(owned / 2), (b) => `let kept${b}_${i} = kept_pair(mask_key, other_line${i} * 1024u + first - start + ${2 * b}u);`) : ''}
      ${each(
        (a) => `
      let p${a}_${i} = select(0.0, exp2(s${a}_${i} - saved${i}.x), j + ${i}u < end);
      ${
        dropout
          ? `let kp${a}_${i} = select(0.0, p${a}_${i}, kept${a >> 1}_${i}[${half(a)}]) * uniforms.keep_scale;
      let ds${a}_${i} = kp${a}_${i} * dp${a}_${i} - p${a}_${i} * saved${i}.y;`
          : `let kp${a}_${i} = p${a}_${i};
      let ds${a}_${i} = p${a}_${i} * (dp${a}_${i} - saved${i}.y);`
      }`,
      )}`,
      )}
      ${lines(
        chunks,
        (c) => `{
        ${lines(turn, (i) => `let q${i} = ${met(variant, 'query', i, c)}; let g${i} = ${met(variant, 'dout', i, c)};`)}
        ${each(
          (a) => `dk${a}_${c} += ${sum(turn, (i) => `ds${a}_${i} * q${i}`)};
        dv${a}_${c} += ${sum(turn, (i) => `kp${a}_${i} * g${i}`)};`,
        )}
      }`,
      )}`;
  const after = each(
    (a) => `
  if (first + ${a}u < own_end) {
    ${store(size, 'dkey', a, (c) => `dk${a}_${c} * scale`)}
    ${store(size, 'dvalue', a, (c) => `dv${a}_${c}`)}
  }`,
  );
  return sweepProgram(variant, {
    name: 'attention-key-gradient',
    rows: { query: 'read', key: 'read', value: 'read', dout: 'read', dkey: 'write', dvalue: 'write' },
    others: { statistics: 'read vec2u' },
    uniforms: dropout ? maskUniforms : {},
    swept: ['query', 'dout'],
    own: owned,
    turn,
    before: `${dropout ? readMaskKey : ''}${before}`,
    body,
    after,
  });
}

/**
 * Inputs: query, key, value and starts of EmbedsmithAttention, its two outputs, and the gradient of the first. Outputs:
 * dquery, dkey, dvalue; 0 for tokens of no sentence.
 */
defineGpuKernel<{ heads: number; rate: number }>(
  'EmbedsmithAttentionGradient',
  (gpu, [query, key, value, starts, out, statistics, dout], { heads, rate }) => {
    const [tokens, hidden] = query!.shape as [number, number];
    const { software } = gpu;
    const variant = { size: hidden / heads, dropout: rate > 0, software };
    const counts = { tokens, rows: starts!.shape[0]! - 1, heads };
    const threshold = thresholdOf(rate);
    const uniforms = { ...counts, threshold, keep_scale: scaleOf(threshold) };
    const read = { query: query!, key: key!, value: value!, starts: starts!, statistics: statistics!, dout: dout! };
    const dquery = gpu.create([tokens, hidden]);
    const dkey = gpu.create([tokens, hidden]);
    const dvalue = gpu.create([tokens, hidden]);
    const groups = grid(groupsOf(variant, own(software), counts));
    gpu.run(queryGradientProgram(variant), { ...read, out: out!, dquery }, uniforms, groups);
    gpu.run(keyGradientProgram(variant), { ...read, dkey, dvalue }, uniforms, groups);
    return [dquery, dkey, dvalue];
  },
);
