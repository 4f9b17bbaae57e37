/** Packs the model into a zip and hands it to the browser's downloads. */
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isActive } from '../../store/run.ts';
import { Button } from '../controls/Button.tsx';
import { saveFile } from '../controls/saveFile.ts';
import { actions, useStudio } from '../session.ts';

export function ExportButton() {
  const { t } = useTranslation();
  const busy = useStudio((state) => state.exporting);
  const possible = useStudio((state) => state.model.summary !== null && !isActive(state.run));

  async function download() {
    const zip = await actions.exportModel();
    if (zip) saveFile(zip.file, zip.name);
  }

  return (
    <Button kind="primary" isDisabled={busy || !possible} onPress={download}>
      <Download size={14} aria-hidden />
      {t(busy ? 'export.busy' : 'export.button')}
    </Button>
  );
}
