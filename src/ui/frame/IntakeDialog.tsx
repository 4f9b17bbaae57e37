/** Asks what a dropped file is for, where there are two answers. */
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from 'react-i18next';
import { Button } from '../controls/Button.tsx';
import { actions, useStudio } from '../session.ts';

export function IntakeDialog() {
  const { t } = useTranslation();
  const intake = useStudio((state) => state.intake);
  return (
    <ModalOverlay
      className="dialog-veil"
      isDismissable
      isOpen={intake !== null}
      onOpenChange={() => actions.answerIntake(null)}
    >
      <Modal>
        <Dialog className="dialog">
          {intake?.kind === 'which-slot' ? (
            <>
              <Heading slot="title">{t('intake.whichTitle', { file: intake.file.name })}</Heading>
              <p>{t('intake.whichText')}</p>
              <div className="dialog-answers">
                <Button kind="primary" autoFocus onPress={() => actions.answerIntake('evaluation')}>
                  {t('intake.evaluation')}
                </Button>
                <Button onPress={() => actions.answerIntake('train')}>{t('intake.train')}</Button>
                <Button kind="plain" onPress={() => actions.answerIntake(null)}>
                  {t('cancel')}
                </Button>
              </div>
            </>
          ) : (
            <>
              <Heading slot="title">{t('intake.manyTitle', { count: intake?.count ?? 0 })}</Heading>
              <p>{t('intake.manyText')}</p>
              <div className="dialog-answers">
                <Button kind="primary" onPress={() => actions.answerIntake(null)}>
                  {t('intake.understood')}
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
