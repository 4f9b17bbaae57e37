/** The page: header, steps, the panel of the current step, and the run bar. */
import { lazy, Suspense, useEffect } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { useTranslation } from 'react-i18next';
import { isActive } from '../store/run.ts';
import { interruptedRun } from '../store/runs/state.ts';
import { steps, type View } from '../store/state.ts';
import { WarmUp } from './charts/lazy.tsx';
import { DataPanel } from './data/DataPanel.tsx';
import { EvaluatePanel } from './evaluate/EvaluatePanel.tsx';
import { ExportPanel } from './export/ExportPanel.tsx';
import { Announcer } from './frame/Announcer.tsx';
import { DropTarget } from './frame/DropTarget.tsx';
import { EngineProblem } from './frame/EngineProblem.tsx';
import { Header } from './frame/Header.tsx';
import { Rail } from './frame/Rail.tsx';
import { RunBar } from './frame/RunBar.tsx';
import { UpdateNote } from './frame/UpdateNote.tsx';
import { useLanguage } from './language.ts';
import { ModelPanel } from './model/ModelPanel.tsx';
import { ObjectivePanel } from './objective/ObjectivePanel.tsx';
import { RunsPanel } from './runs/RunsPanel.tsx';
import { actions, useStudio } from './session.ts';
import { TrainPanel } from './train/TrainPanel.tsx';
import { TryPanel } from './try/TryPanel.tsx';

const IntakeDialog = lazy(() => import('./frame/IntakeDialog.tsx').then((file) => ({ default: file.IntakeDialog })));

const Linked = lazy(() => import('./runs/Linked.tsx').then((file) => ({ default: file.Linked })));
const Interrupted = lazy(() => import('./runs/Interrupted.tsx').then((file) => ({ default: file.Interrupted })));

const panels: Record<View, () => React.JSX.Element> = {
  data: DataPanel,
  model: ModelPanel,
  objective: ObjectivePanel,
  train: TrainPanel,
  evaluate: EvaluatePanel,
  try: TryPanel,
  export: ExportPanel,
  runs: RunsPanel,
};

export function App() {
  const { t } = useTranslation();
  const language = useLanguage();
  const view = useStudio((state) => state.view);
  const asks = useStudio((state) => state.intake !== null);
  const planned = useStudio((state) => state.plan !== null && state.run.phase === 'idle');
  const interrupted = useStudio((state) => (isActive(state.run) ? null : interruptedRun(state.runs)));
  const link = useStudio((state) => state.link);
  const Panel = panels[view];
  useEffect(() => {
    void actions.listRuns();
  }, []);
  return (
    <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-US'}>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <div className="studio">
        <Header />
        <Rail />
        <main className="main" id="main" tabIndex={-1} key={view}>
          {/* The rail's links name places of this page, so these must be there; the store shows what belongs to them. */}
          {steps.map((step) => (
            <span key={step} id={step} />
          ))}
          <UpdateNote />
          <EngineProblem />
          {link ? (
            <Suspense>
              <Linked link={link} />
            </Suspense>
          ) : null}
          {interrupted ? (
            <Suspense>
              <Interrupted run={interrupted} />
            </Suspense>
          ) : null}
          <Panel />
        </main>
        <RunBar />
      </div>
      {asks ? (
        <Suspense>
          <IntakeDialog />
        </Suspense>
      ) : null}
      {planned ? (
        <Suspense>
          <WarmUp />
        </Suspense>
      ) : null}
      <DropTarget />
      <Announcer />
    </I18nProvider>
  );
}
