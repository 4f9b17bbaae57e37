/** Two sentences of the user's, side by side, and what the model makes of them. */
import { ArrowLeftRight, Database, Eraser } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Trial } from '../../contract/calls.ts';
import { weightsMark } from '../../store/try/state.ts';
import { Button } from '../controls/Button.tsx';
import { actions, useStudio } from '../session.ts';
import { AskBar, Stale } from './AskBar.tsx';
import { Classes } from './Classes.tsx';
import { Scores } from './Scores.tsx';

export function PairTab() {
  const { t } = useTranslation();
  const { texts, result } = useStudio((state) => state.trial);
  const mark = useStudio(weightsMark);
  const hasData = useStudio((state) => state.slots.train.table !== null);
  const [none, setNone] = useState(false);
  const empty = texts.every((text) => text === '');
  const missing = texts.some((text) => text.trim() === '') ? t('try.needTexts') : null;
  const changed = result !== null && (result.texts[0] !== texts[0] || result.texts[1] !== texts[1]);
  return (
    <form
      className="card trial"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing) void actions.compare();
      }}
    >
      <div className="trial-texts">
        <SentenceField index={0} />
        <Button
          icon
          kind="plain"
          aria-label={t('try.swap')}
          isDisabled={empty}
          onPress={() => actions.swapTrialTexts()}
        >
          <ArrowLeftRight size={16} aria-hidden />
        </Button>
        <SentenceField index={1} />
      </div>
      <AskBar tab="pair" label={t('try.compare')} missing={missing}>
        {hasData ? (
          <Button kind="plain" onPress={async () => setNone(!(await actions.takePair()))}>
            <Database size={14} aria-hidden />
            {t('try.fromData')}
          </Button>
        ) : null}
        {empty ? (
          <Button
            kind="plain"
            onPress={() => {
              const [first, second] = t('try.examples', { returnObjects: true });
              actions.editTrial({ texts: [first ?? '', second ?? ''] });
            }}
          >
            {t('try.example')}
          </Button>
        ) : (
          <Button kind="plain" onPress={() => actions.editTrial({ texts: ['', ''], result: null })}>
            <Eraser size={14} aria-hidden />
            {t('try.clear')}
          </Button>
        )}
      </AskBar>
      {none ? <p className="quiet">{t('try.noPairs')}</p> : null}
      {result ? (
        <div className="verdicts" data-stale={changed || result.at !== mark || undefined} aria-live="polite">
          <Verdict trial={result.trial} />
          <Stale of={changed || result.at !== mark} />
        </div>
      ) : null}
    </form>
  );
}

function Verdict({ trial }: { trial: Trial }) {
  if (trial.kind === 'classes') return <Classes {...trial} />;
  return (
    <>
      <Scores trial={trial} />
      {trial.kind === 'cosine' && trial.classes ? <Classes {...trial.classes} before={null} /> : null}
    </>
  );
}

function SentenceField({ index }: { index: 0 | 1 }) {
  const { t } = useTranslation();
  const text = useStudio((state) => state.trial.texts[index]);
  return (
    <label className="trial-text">
      {t(index === 0 ? 'try.first' : 'try.second')}
      <textarea
        className="field-text"
        rows={3}
        value={text}
        onChange={(event) => actions.setTrialText(index, event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
    </label>
  );
}
