/** Copies the page's address, which holds the whole configuration. */
import { Link } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../controls/Button.tsx';
import { writeAddress } from '../frame/guards.ts';

export function CopyLink() {
  const { t } = useTranslation();
  const [told, setTold] = useState('');
  const copy = async () => {
    writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      setTold(t('runs.link.copied'));
    } catch {
      setTold(t('runs.link.inAddress')); // the clipboard may be forbidden
    }
  };
  return (
    <span className="copy-link">
      <Button onPress={() => void copy()}>
        <Link size={14} aria-hidden />
        {t('runs.link.copy')}
      </Button>
      <span className="quiet" role="status">
        {told}
      </span>
    </span>
  );
}
