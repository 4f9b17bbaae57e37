/** Three little tables that show what a data file may look like. */
import { useTranslation } from 'react-i18next';

export function Shapes() {
  const { t } = useTranslation();
  return (
    <section className="shapes" aria-labelledby="shapes-title">
      <h3 id="shapes-title">{t('welcome.shapes')}</h3>
      <ul>
        {(['pairs', 'scored', 'sentences'] as const).map((shape) => (
          <li key={shape}>
            <h4>{t(`welcome.${shape}.title`)}</h4>
            <p className="quiet">{t(`welcome.${shape}.text`)}</p>
            <table>
              <tbody>
                {t(`welcome.${shape}.rows`, { returnObjects: true }).map((row) => (
                  <tr key={row.join()}>
                    {row.map((cell) => (
                      <td key={cell}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </li>
        ))}
      </ul>
    </section>
  );
}
