/** The small menu of a chart: as a table, and as files. */
import { Ellipsis } from 'lucide-react';
import type { RefObject } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { useTranslation } from 'react-i18next';
import { MenuPopover } from '../controls/MenuPopover.tsx';
import { saveFile } from '../controls/saveFile.ts';
import type { ChartData } from './ChartFrame.tsx';
import { drawPicture, paintPicture } from './picture.ts';

type Props = {
  title: string;
  data: ChartData;
  figure: RefObject<HTMLElement | null>;
  tabular: boolean;
  /** Null where there is no other view. */
  onTable: (() => void) | null;
};

export function ChartMenu({ title, data, figure, tabular, onTable }: Props) {
  const { t } = useTranslation();
  const name = (ending: string) => `${data.file.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${ending}`;
  const savePicture = async (ending: 'svg' | 'png') => {
    const picture = figure.current && drawPicture(figure.current);
    if (!picture) return;
    saveFile(ending === 'png' ? await paintPicture(picture) : new Blob([picture.svg], { type: svgType }), name(ending));
  };
  const act = {
    table: () => onTable?.(),
    png: () => void savePicture('png'),
    svg: () => void savePicture('svg'),
    csv: () => saveFile(new Blob([data.csv()], { type: 'text/csv' }), name('csv')),
  };
  return (
    <MenuTrigger>
      <AriaButton className="chart-more" aria-label={t('charts.more', { title })}>
        <Ellipsis size={16} aria-hidden />
      </AriaButton>
      <MenuPopover label={t('charts.more', { title })} placement="bottom end">
        {onTable ? (
          <MenuItem className="menu-item" onAction={act.table}>
            {t(tabular ? 'charts.asChart' : 'charts.asTable')}
          </MenuItem>
        ) : null}
        {onTable && !tabular ? (
          <>
            <MenuItem className="menu-item" onAction={act.png}>
              {t('charts.savePng')}
            </MenuItem>
            <MenuItem className="menu-item" onAction={act.svg}>
              {t('charts.saveSvg')}
            </MenuItem>
          </>
        ) : null}
        <MenuItem className="menu-item" onAction={act.csv}>
          {t('charts.saveCsv')}
        </MenuItem>
      </MenuPopover>
    </MenuTrigger>
  );
}

const svgType = 'image/svg+xml';
