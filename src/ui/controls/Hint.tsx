/** A sentence or two of help behind a small sign, for where there is no room to say it at once. */
import { CircleQuestionMark } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';

export function Hint({ of, children }: { of: string; children: string | readonly string[] }) {
  const { t } = useTranslation();
  return (
    <DialogTrigger>
      <AriaButton className="hint" aria-label={t('hint', { name: of })}>
        <CircleQuestionMark size={14} aria-hidden />
      </AriaButton>
      <Popover className="popover" placement="top">
        <Dialog aria-label={of} className="badge-reason">
          {[children].flat().map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
