/** Which device trains and why: briefly where there is room, in a whole sentence one press away. */
import type { TFunction } from 'i18next';
import { Cpu, Zap } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import { sayProblem } from '../../contract/problems.ts';
import type { BackendInfo } from '../../contract/run.ts';
import { useLanguage } from '../language.ts';
import { useStudio } from '../session.ts';

/** Why this device was chosen: `reason` is a sentence, `brief` a few words. */
function explain(t: TFunction, form: 'reason' | 'brief', { reason, name, adapter }: BackendInfo): string {
  const key = reason === 'forced' ? (name === 'wasm' ? 'forcedWasm' : 'forcedWebgpu') : reason;
  return t(`backend.${form}.${key}`, { adapter: adapter || t('backend.unnamed') });
}

export function BackendBadge() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { phase, info, problem } = useStudio((state) => state.engine);
  const name = info ? t(`backend.${info.name}`) : t(`backend.${phase === 'failed' ? 'failed' : 'starting'}`);
  const Icon = info?.name === 'webgpu' ? Zap : Cpu;
  return (
    <DialogTrigger>
      <AriaButton className="badge" data-phase={phase} data-testid="backend">
        <Icon size={14} aria-hidden />
        <span>{name}</span>
        {info ? (
          <span className="badge-brief">
            {info.threads ? `${t('backend.threads', { count: info.threads })} · ` : null}
            {explain(t, 'brief', info)}
          </span>
        ) : null}
      </AriaButton>
      {/* biome-ignore lint/a11y/useValidAriaValues: empty, as the dialog has a name of its own and the button's words would count as content outside of it */}
      <Popover className="popover" placement="bottom end" aria-labelledby="">
        <Dialog aria-label={t('backend.why')} className="badge-reason">
          <p>{info ? explain(t, 'reason', info) : problem ? sayProblem(problem, language) : name}</p>
          <p className="quiet small">{t('backend.private')}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
