/** The options of one group; the rarely needed ones lie behind a fold, which is open while one of them is changed or wrong. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { type Option, type OptionName, optionEntries } from '../../contract/catalogue.ts';
import { checkDrafts, isUsed } from '../../store/options.ts';
import { suitedDraft } from '../../store/suits.ts';
import { useStudio } from '../session.ts';
import { MemoryNeed } from './MemoryNeed.tsx';
import { OptionField } from './OptionField.tsx';

/** Options that most runs leave alone. */
const rare: ReadonlySet<OptionName> = new Set([
  'symmetric',
  'positiveScore',
  'labelSmoothing',
  'matryoshkaWeights',
  'accumulation',
  'optimizer',
  'momentum',
  'schedule',
  'warmupSteps',
  'weightDecay',
  'maxGradNorm',
  'layerDecay',
  'freezeEmbeddings',
  'freezeLayers',
  'recompute',
  'precision',
  'seed',
]);

export function OptionGroup({ group, locked }: { group: Option['group']; locked: boolean }) {
  const { t } = useTranslation();
  const names = useStudio(
    useShallow(({ drafts }) =>
      optionEntries
        .filter(([name, option]) => option.group === group && name !== 'objective' && isUsed(name, drafts))
        .map(([name]) => name),
    ),
  );
  const seldom = names.filter((name) => rare.has(name));
  // A fold around a single option would take as much room as the option.
  const folded = seldom.length > 1 ? seldom : [];
  const common = names.filter((name) => !folded.includes(name));
  if (names.length === 0) return null;
  return (
    <section className="card options" aria-labelledby={`group-${group}`}>
      <h3 id={`group-${group}`}>{t(`objective.group.${group}`)}</h3>
      <div>
        {common.map((name) => (
          <OptionField key={name} name={name} locked={locked} />
        ))}
        {folded.length > 0 ? <Fold names={folded} locked={locked} /> : null}
      </div>
      {group === 'training' ? <MemoryNeed /> : null}
    </section>
  );
}

function Fold({ names, locked }: { names: readonly OptionName[]; locked: boolean }) {
  const { t } = useTranslation();
  const calls = useStudio((state) => {
    const wrong = checkDrafts(state.drafts, state.model.summary);
    return names.some((name) => wrong[name] || state.drafts[name] !== suitedDraft(name, state));
  });
  // Opens by itself when an option calls for it, and by hand; it never closes by itself under a hand that types.
  const [open, setOpen] = useState(calls);
  useEffect(() => {
    if (calls) setOpen(true);
  }, [calls]);
  return (
    <details className="fold option-fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('objective.more', { count: names.length })}</summary>
      {open ? names.map((name) => <OptionField key={name} name={name} locked={locked} />) : null}
    </details>
  );
}
