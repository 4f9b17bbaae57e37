/** Always in sight: the state of the run, how far it is, and the buttons that steer it. */
import { CircleAlert, HardDrive, Pause, Play, Square, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { useTranslation } from 'react-i18next';
import { sayProblem } from '../../contract/problems.ts';
import { obstacle } from '../../store/readiness.ts';
import { isActive, type RunState } from '../../store/run.ts';
import { Button } from '../controls/Button.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { useFormat, useLanguage } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { NotifyToggle } from './NotifyToggle.tsx';
import { Readiness } from './Readiness.tsx';
import { RunFigures } from './RunFigures.tsx';

const StopMenu = lazy(() => import('../runs/StopMenu.tsx').then((file) => ({ default: file.StopMenu })));

export function RunBar() {
  const { t } = useTranslation();
  const language = useLanguage();
  const run = useStudio((state) => state.run);
  const active = isActive(run);
  const { done, total } = run.tokenizing ?? run.compiling ?? { done: run.step, total: run.totalSteps };
  const share = total > 0 ? done / total : 0;
  return (
    <section className="runbar" aria-label={t('runbar.label')} data-phase={run.phase}>
      {run.phase !== 'idle' ? (
        <ProgressBar
          className="runbar-progress"
          aria-label={t('runbar.progress')}
          value={share * 100}
          isIndeterminate={run.phase === 'starting' && !run.tokenizing}
        >
          <span style={{ scale: `${share} 1` }} />
        </ProgressBar>
      ) : null}
      <ProblemNote place="run" />
      {run.problem ? (
        <div className="note" role="alert" data-testid="run-problem">
          <CircleAlert size={16} aria-hidden />
          <p>{sayProblem(run.problem, language)}</p>
        </div>
      ) : null}
      {run.storageFull ? (
        <div className="note" role="status" data-testid="storage-full">
          <HardDrive size={16} aria-hidden />
          <p>{t(active ? 'runbar.checkpointUnsaved' : 'runbar.weightsUnsaved')}</p>
          <Button kind="plain" icon aria-label={t('dismiss')} onPress={actions.dismissStorageNote}>
            <X size={14} aria-hidden />
          </Button>
        </div>
      ) : null}
      <div className="runbar-line">
        <StateWord run={run} />
        <Standing run={run} />
        <div className="runbar-buttons">
          {active ? <NotifyToggle /> : null}
          {active ? <Steering run={run} /> : <Readiness again={run.phase !== 'idle'} />}
        </div>
      </div>
    </section>
  );
}

function StateWord({ run }: { run: RunState }) {
  const { t } = useTranslation();
  const ready = useStudio((state) => obstacle(state) === null);
  const asked = run.asked === 'pause' ? 'pausing' : run.asked === 'stop' ? 'stopping' : null;
  const ended = run.outcome?.reason === 'stopped' ? 'stopped' : run.phase;
  const state = asked ?? (run.phase === 'idle' && ready ? 'ready' : ended);
  return (
    <p className="runbar-state" data-testid="run-state" data-state={state}>
      <span aria-hidden />
      {t(`runbar.state.${state}`)}
    </p>
  );
}

function Planned() {
  const { t } = useTranslation();
  const format = useFormat();
  const plan = useStudio((state) => state.plan);
  if (!plan || plan.blocked) return <span className="runbar-planned" />;
  const { trainExamples, totalSteps } = plan;
  const values = { count: totalSteps, examples: format.count(trainExamples), steps: format.count(totalSteps) };
  return <p className="runbar-planned quiet">{t('runbar.planned', values)}</p>;
}

/** What the run will be, how far its data is, or how far it is itself. */
function Standing({ run }: { run: RunState }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (run.phase === 'idle') return <Planned />;
  const work = run.tokenizing ? 'tokenizing' : 'compiling';
  const far = run[work];
  if (!far) return <RunFigures run={run} />;
  const values = { done: format.count(far.done), total: format.count(far.total) };
  return (
    <p className="runbar-planned quiet" data-testid={work}>
      {t(`runbar.${work}`, values)}
    </p>
  );
}

/** The rightmost button takes turns as Train, Pause and Resume, so that a second click on Train does no harm. */
function Steering({ run }: { run: RunState }) {
  const { t } = useTranslation();
  const waiting = run.phase === 'starting' || run.asked !== null;
  return (
    <>
      <Button
        isDisabled={(run.phase === 'starting' && !run.tokenizing) || run.asked === 'stop'}
        onPress={() => void actions.stopRun()}
      >
        <Square size={12} aria-hidden />
        {t('runbar.stop')}
      </Button>
      {run.evaluations.length > 0 && run.asked !== 'stop' ? (
        <Suspense>
          <StopMenu />
        </Suspense>
      ) : null}
      {run.phase === 'paused' ? (
        <Button kind="primary" isDisabled={waiting} onPress={actions.resumeRun}>
          <Play size={14} aria-hidden />
          {t('runbar.resume')}
        </Button>
      ) : (
        <Button isDisabled={waiting} onPress={actions.pauseRun}>
          <Pause size={14} aria-hidden />
          {t('runbar.pause')}
        </Button>
      )}
    </>
  );
}
