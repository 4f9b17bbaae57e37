/** The tabs of Try, and what they have in common: why the model cannot be asked, and what went wrong. */
import '../charts/slider.css';
import './answers.css';
import './pictures.css';
import { Pause } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { useTranslation } from 'react-i18next';
import { type TryTab, tryObstacle, tryTabs } from '../../store/try/state.ts';
import { Button } from '../controls/Button.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { actions, useStudio } from '../session.ts';
import { MapTab } from './MapTab.tsx';
import { MatrixTab } from './MatrixTab.tsx';
import { NeighboursTab } from './NeighboursTab.tsx';
import { PairTab } from './PairTab.tsx';
import { SearchTab } from './SearchTab.tsx';
import { TokensTab } from './TokensTab.tsx';

const contents: Record<TryTab, () => React.JSX.Element> = {
  pair: PairTab,
  neighbours: NeighboursTab,
  search: SearchTab,
  tokens: TokensTab,
  matrix: MatrixTab,
  map: MapTab,
};

export function TryTabs() {
  const { t } = useTranslation();
  const selected = useStudio((state) => state.trial.tab);
  const list = useRef<HTMLDivElement>(null);
  // On a narrow screen the tabs are wider than the page.
  useEffect(() => {
    list.current?.querySelector(`[data-key="${selected}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [selected]);
  return (
    <Tabs
      className="tabs"
      selectedKey={selected}
      onSelectionChange={(key) => {
        const tab = tryTabs.find((each) => each === key);
        if (tab) actions.editTrial({ tab });
      }}
    >
      <TabList ref={list} className="tab-list" aria-label={t('try.ways')}>
        {tryTabs.map((tab) => (
          <Tab key={tab} id={tab} className="tab">
            {t(`try.tabs.${tab}`)}
          </Tab>
        ))}
      </TabList>
      <Standing tab={selected} />
      <ProblemNote place="try" />
      {tryTabs.map((tab) => {
        const Content = contents[tab];
        return (
          <TabPanel key={tab} id={tab} className="tab-panel">
            <Content />
          </TabPanel>
        );
      })}
    </Tabs>
  );
}

/** Why the model cannot be asked now, with the way out; or that it has not been trained yet. */
function Standing({ tab }: { tab: TryTab }) {
  const { t } = useTranslation();
  const obstacle = useStudio(tryObstacle);
  const pausing = useStudio(({ run }) => run.asked === 'pause' || run.phase === 'starting');
  const trained = useStudio((state) => state.model.trainedBy !== null);
  if (obstacle === 'no-model') {
    return (
      <p className="standing" data-testid="try-standing">
        {t('try.noModel')}
        <Button onPress={() => actions.show('model')}>{t('try.toModel')}</Button>
      </p>
    );
  }
  if (tab === 'tokens') return null;
  if (obstacle === 'running') {
    return (
      <p className="standing" data-testid="try-standing">
        {t('try.running')}
        <Button isDisabled={pausing} onPress={actions.pauseRun}>
          <Pause size={14} aria-hidden />
          {t('try.pause')}
        </Button>
      </p>
    );
  }
  return trained ? null : <p className="quiet">{t('try.untrained')}</p>;
}
