/** Which device trains, with the reason in plain words one press away. */
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

/** Why this device was chosen, as a sentence. */
function backendReason(t: TFunction, { reason, name, adapter }: BackendInfo): string {
  const key = reason === 'forced' ? (name === 'wasm' ? 'forcedWasm' : 'forcedWebgpu') : reason;
  return t(`backend.reason.${key}`, { adapter: adapter || t('backend.unnamed') });
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
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog aria-label={t('backend.why')} className="badge-reason">
          <p>{info ? backendReason(t, info) : problem ? sayProblem(problem, language) : name}</p>
          <p className="quiet small">{t('backend.private')}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
