/** The map's sentences as a list to walk through by keyboard: the one in focus is marked on the map, the chosen one stays. */
import { useMemo, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../language.ts';

/** A list this long is still quick; the filter finds the others. */
const mostListed = 100;

type Props = {
  texts: readonly string[];
  pinned: number | null;
  onPin: (text: number | null) => void;
  onFocus: (text: number | null) => void;
};

export function MapList({ texts, pinned, onPin, onFocus }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [filter, setFilter] = useState('');
  const found = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return texts.flatMap((text, number) => (text.toLowerCase().includes(wanted) ? [number] : []));
  }, [texts, filter]);
  return (
    <div className="map-list">
      <label className="trial-text small">
        {t('try.filter')}
        <input
          className="field-input"
          data-kind="words"
          type="search"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </label>
      <ListBox
        className="choose"
        aria-label={t('try.sentences')}
        selectionMode="single"
        selectedKeys={pinned === null ? [] : [pinned]}
        onSelectionChange={(keys) => {
          const [key] = keys === 'all' ? [] : [...keys];
          onPin(typeof key === 'number' ? key : null);
        }}
      >
        {found.slice(0, mostListed).map((number) => (
          <ListBoxItem
            key={number}
            id={number}
            textValue={texts[number]!}
            className="choose-item"
            onFocus={() => onFocus(number)}
            onBlur={() => onFocus(null)}
            onHoverStart={() => onFocus(number)}
            onHoverEnd={() => onFocus(null)}
          >
            {texts[number]}
          </ListBoxItem>
        ))}
      </ListBox>
      {found.length > mostListed ? (
        <p className="quiet small">
          {t('try.moreSentences', { shown: format.count(mostListed), all: format.count(found.length) })}
        </p>
      ) : null}
    </div>
  );
}
