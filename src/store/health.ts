/** All that stands out in the data: what the tables show, and the texts that the chosen length would cut. */
import type { HealthFinding } from '../contract/health.ts';
import { readNumber } from './options.ts';
import type { Studio } from './state.ts';

/** From this share of cut texts on, something may be lost that matters. */
const cutShare = 0.01;

/** Findings in the order of their weight; null while they are not known. */
export function findingsOf({
  health,
  plan,
  drafts,
}: Pick<Studio, 'health' | 'plan' | 'drafts'>): HealthFinding[] | null {
  if (!health) return null;
  const maxLength = readNumber(drafts.maxLength);
  const { sampled, truncatedShare } = plan?.lengths ?? { sampled: 0, truncatedShare: 0 };
  if (!health.longest || truncatedShare < cutShare || Number.isNaN(maxLength)) return health.findings;
  const count = Math.round(truncatedShare * sampled);
  const long = { kind: 'long', slot: 'train', count, total: sampled, example: health.longest, maxLength } as const;
  return [...health.findings, long];
}
