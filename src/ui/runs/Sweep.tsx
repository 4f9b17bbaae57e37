/** Queues runs over a few values of one option, and steers the queue. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { options } from '../../contract/catalogue.ts';
import { offersFor } from '../../store/objectives.ts';
import { readList } from '../../store/options.ts';
import { obstacle } from '../../store/readiness.ts';
import { isActive } from '../../store/run.ts';
import { mostValues, type Sweepable, sweepable } from '../../store/runs/queue.ts';
import { Button } from '../controls/Button.tsx';
import { Choice } from '../controls/Choice.tsx';
import { useSay } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function Sweep() {
  const { t } = useTranslation();
  const say = useSay();
  const queue = useStudio((state) => state.queue);
  const active = useStudio((state) => isActive(state.run));
  const ready = useStudio((state) => obstacle(state) === null);
  const facts = useStudio(({ slots }) => slots.train.table?.facts ?? null);
  const [name, setName] = useState<Sweepable>('learningRate');
  const [rates, setRates] = useState('5e-5, 2e-4, 1e-3');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const option = options[name];
  const possible = new Set<string>(offersFor(facts).flatMap((offer) => (offer.obstacle ? [] : [offer.name])));
  const choices =
    option.kind === 'choice'
      ? Object.entries(option.choices).filter(([value]) => name !== 'objective' || possible.has(value))
      : [];
  const values = option.kind === 'choice' ? chosen : rates.split(/[\s,;，；、]+/).filter(Boolean);
  const fits = values.length > 1 && values.length <= mostValues;
  const invalid = option.kind === 'number' && readList(rates).some(Number.isNaN);

  return (
    <details className="fold sweep" data-testid="sweep" open={queue.begun > 0 || queue.waiting.length > 0 || undefined}>
      <summary>{t('runs.queue.title')}</summary>
      <p className="quiet">{t('runs.queue.help', { most: mostValues })}</p>
      <div className="runs-bar">
        <Choice
          aria-label={t('runs.queue.over')}
          value={name}
          onChange={(value) => {
            setName(sweepable.find((each) => each === value) ?? name);
            setChosen([]);
          }}
          options={sweepable.map((each) => [each, say(options[each].label)] as const)}
        />
        {option.kind === 'number' ? (
          <input
            className="field-input runs-search"
            data-kind="words"
            aria-label={t('runs.queue.values')}
            aria-invalid={invalid || wrong.length > 0}
            value={rates}
            onChange={(event) => {
              setRates(event.target.value);
              setWrong([]);
            }}
          />
        ) : (
          choices.map(([value, label]) => (
            <label key={value} className="check">
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                disabled={!chosen.includes(value) && chosen.length >= mostValues}
                onChange={(event) =>
                  setChosen(event.target.checked ? [...chosen, value] : chosen.filter((each) => each !== value))
                }
              />
              {say(label)}
            </label>
          ))
        )}
        <Button
          isDisabled={!fits || invalid || (!ready && !active)}
          onPress={() => setWrong(actions.queueRuns(name, values))}
        >
          {t('runs.queue.start', { count: values.length })}
        </Button>
      </div>
      {wrong.length > 0 ? <p role="alert">{t('runs.queue.wrong', { values: wrong.join(', ') })}</p> : null}
      {queue.begun > 0 || queue.waiting.length > 0 ? (
        <div className="runs-bar" data-testid="queue">
          <p role="status">
            {t(queue.paused ? 'runs.queue.paused' : 'runs.queue.waiting', { count: queue.waiting.length })}
          </p>
          <Button
            isDisabled={queue.paused && !ready && !active}
            onPress={queue.paused ? actions.resumeQueue : actions.pauseQueue}
          >
            {t(queue.paused ? 'runs.queue.resume' : 'runs.queue.pause')}
          </Button>
          <Button isDisabled={!active} onPress={() => void actions.skipRun()}>
            {t('runs.queue.skip')}
          </Button>
          <Button kind="plain" onPress={actions.clearQueue}>
            {t('runs.queue.clear')}
          </Button>
        </div>
      ) : null}
    </details>
  );
}
